import Foundation
import MediaControl
import MediaWorker
import ServiceLifecycle
import SyntheticClient

/// The demonstration: a host and a co-host who come, meet and stay until the time is up.
struct DemoService: Service {
  /// What the command must say once the server has stopped.
  actor Outcome {
    private(set) var failure: (any Error)?
    func fail(_ error: any Error) { failure = error }
  }

  struct Room: Decodable { var id: String }
  struct Application: Decodable { var id: String }

  let server: Server
  let port: PortBox
  let duration: Int?
  let output: String?
  let jsonPath: String?
  let outcome = Outcome()

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await perform() }
    } catch is CancellationError {
      return
    } catch {
      await outcome.fail(error)
    }
  }

  private func perform() async throws {
    let base = URL(string: "http://\(server.settings.http.withPort(UInt16(clamping: try await port.get())))")!
    let host = try await APIClient.signIn(base: base, name: "Demo host")
    let room: Room = try await host.send("POST", "api/v1/rooms", json: ["title": "Demo"])
    let publishers = try await takeStage(host: host, room: room.id, base: base)
    if let output {
      _ = try await server.worker.perform(
        .addOutput(RoomID(rawValue: room.id), OutputID(rawValue: "demo"), url: output, allowsPrivate: true))
    }
    // At once, also where the standard output is a file or a pipe and therefore buffered.
    FileHandle.standardOutput.write(Data("watch: \(base)/watch/\(room.id)\n".utf8))
    try await showProgress(room: room.id)
    try await report(room: room.id)
    for publisher in publishers { await publisher.stop() }
  }

  /// Host publishes, co-host applies, is accepted and publishes: the way every real participant goes.
  private func takeStage(host: APIClient, room: String, base: URL) async throws -> [SyntheticPublisher] {
    let hostPublisher = try await publish(.demoHost, as: host, room: room)
    let guest = try await APIClient.signIn(base: base, name: "Demo guest")
    let application: Application = try await guest.send(
      "POST", "api/v1/rooms/\(room)/applications", json: ["media": "video"])
    try await host.exchange("POST", "api/v1/rooms/\(room)/applications/\(application.id)/accept")
    return [hostPublisher, try await publish(.demoGuest, as: guest, room: room)]
  }

  private func publish(
    _ configuration: SyntheticPublisher.Configuration, as user: APIClient, room: String
  ) async throws -> SyntheticPublisher {
    let publisher = try SyntheticPublisher(configuration)
    try await publisher.start { offer in try await user.exchangeSDP("whip/\(room)", offer: offer) }
    return publisher
  }

  private func showProgress(room: String) async throws {
    let progress = ProgressLine()
    defer { progress.end() }
    for second in 1...(duration ?? .max) {
      try await Task.sleep(for: .seconds(1))
      guard let stats = try? await stats(room: room) else { continue }
      try checkOutput(stats)
      let mix = stats.latency["mix"].map { String(format: "%.1f ms", $0.p50) } ?? "–"
      progress.show(
        "\(second) s: \(stats.framesComposed) frames, \(stats.participants.count) on stage, "
          + "\(stats.viewers) watching, mix p50 \(mix), missed ticks \(stats.ticksMissed)")
    }
  }

  private func report(room: String) async throws {
    let stats = try await stats(room: room)
    try checkOutput(stats)
    print(LatencyTable.text(stats.latency))
    print("frames \(stats.framesComposed), missed ticks \(stats.ticksMissed)")
    if let output { print("program: \(DemoOutput.redacted(output))") }
    guard let jsonPath else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try TextFile.write(String(decoding: try encoder.encode(stats), as: UTF8.self) + "\n", to: jsonPath)
  }

  private func checkOutput(_ stats: RoomStats) throws {
    guard let output, stats.outputs.contains(where: { $0.state == .failed }) else { return }
    throw CommandFailure(message: "\(DemoOutput.redacted(output)): the programme cannot be written there")
  }

  private func stats(room: String) async throws -> RoomStats {
    let reply = try await server.worker.perform(.roomStats(RoomID(rawValue: room)))
    guard case .stats(let stats) = reply else { throw MediaError.unknownRoom }
    return stats
  }
}

extension SyntheticPublisher.Configuration {
  static let demoHost = SyntheticPublisher.Configuration(
    label: "HOST", width: 1280, height: 720, frameRate: 30, bitrate: 1_500_000, toneHertz: 440, hue: 0)
  static let demoGuest = SyntheticPublisher.Configuration(
    label: "GUEST", width: 640, height: 360, frameRate: 30, bitrate: 600_000, toneHertz: 660, hue: 1)
}
