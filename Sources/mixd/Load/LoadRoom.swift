import Foundation
import MediaControl
import SyntheticClient

/// One room on a server, with everybody who was put into it.
struct LoadRoom {
  private struct Room: Decodable { var id: String }
  private struct Application: Decodable { var id: String }
  private struct Output: Decodable { var id: String }

  private struct Person {
    var userID: String
    var api: APIClient
    var publisher: SyntheticPublisher
  }

  let id: String
  private let base: URL
  private let host: APIClient
  private var people: [Person] = []
  private var players: [SyntheticViewer] = []

  static func open(at base: URL, layout: String) async throws -> LoadRoom {
    let host = try await APIClient.signIn(base: base, name: "Load host")
    let room: Room = try await host.send("POST", "api/v1/rooms", json: ["title": "Load", "layout": layout])
    let wholeStage = Data(#"{"settings": {"stage": 16}}"#.utf8)
    try await host.exchange("PATCH", "api/v1/rooms/\(room.id)", body: wholeStage, type: "application/json")
    return LoadRoom(id: room.id, base: base, host: host)
  }

  private init(id: String, base: URL, host: APIClient) {
    self.id = id
    self.base = base
    self.host = host
  }

  // MARK: Coming

  mutating func join(_ index: Int, recordings: [RecordedVideo], sound: RecordedSound?) async throws {
    people.append(try await enter(index, recordings: recordings, sound: sound))
  }

  /// The first one is the host, the others apply and are accepted.
  private func enter(
    _ index: Int, recordings: [RecordedVideo] = [], sound: RecordedSound? = nil
  ) async throws -> Person {
    var api = host
    if index > 0 {
      api = try await APIClient.signIn(base: base, name: "Load guest \(index)")
      let application: Application = try await api.send(
        "POST", "api/v1/rooms/\(id)/applications", json: ["media": "video"])
      try await host.exchange("POST", "api/v1/rooms/\(id)/applications/\(application.id)/accept")
    }
    var configuration = SyntheticPublisher.Configuration(
      label: index == 0 ? "HOST" : "GUEST \(index)", width: index == 0 ? 1280 : 640, height: index == 0 ? 720 : 360,
      frameRate: 30, bitrate: index == 0 ? 1_500_000 : 600_000, toneHertz: 440 + 110 * Double(index), hue: index,
      replaySeconds: 4)
    configuration.recordings = recordings
    configuration.recordedSound = sound
    let publisher = try SyntheticPublisher(configuration)
    let (client, room) = (api, id)
    try await publisher.start { offer in try await client.exchangeSDP("whip/\(room)", offer: offer) }
    return Person(userID: api.userID ?? "", api: api, publisher: publisher)
  }

  mutating func watch() async throws {
    let player = SyntheticViewer()
    let (client, room) = (try await APIClient.signIn(base: base, name: "Load viewer"), id)
    try await player.start { offer in try await client.exchangeSDP("whep/\(room)", offer: offer) }
    players.append(player)
  }

  func push(to url: String) async throws {
    let _: Output = try await host.send("POST", "api/v1/rooms/\(id)/outputs", json: ["url": url])
  }

  // MARK: Staying

  func hold(seconds: Int, adapts: Bool, churns: Bool) async throws -> LoadReport {
    var report = LoadReport(room: id, seconds: seconds)
    for second in 0..<seconds {
      if adapts { try await adapt() }
      if churns { await comeOrGo(second, &report) }
      try await Task.sleep(for: .seconds(1))
    }
    report.stats = try await host.send("GET", "api/v1/rooms/\(id)/stats")
    for person in people { report.sent.append(.init(person.publisher.statistics)) }
    for player in players { report.received.append(player.statistics.video.count) }
    return report
  }

  /// Everybody sends what his rectangle in the programme needs.
  private func adapt() async throws {
    let scene: SceneDescription = try await host.send("GET", "api/v1/rooms/\(id)/scene")
    for person in people {
      person.publisher.setVideoHeight(scene.layers.first { $0.userId == person.userID }?.height)
    }
  }

  private func comeOrGo(_ second: Int, _ report: inout LoadReport) async {
    do {
      let guest = try await enter(15)
      report.joins += 1
      // Every third one vanishes like a crashed browser.
      await guest.publisher.stop(saysGoodbye: second % 3 != 0)
      try await guest.api.exchange("DELETE", "api/v1/rooms/\(id)/participants/\(guest.userID)")
    } catch {
      report.failures.append(CommandFailure.reason(of: error))
    }
  }

  // MARK: Going

  func leave() async {
    for player in players { await player.stop() }
    for person in people { await person.publisher.stop() }
    _ = try? await host.exchange("DELETE", "api/v1/rooms/\(id)")
  }
}
