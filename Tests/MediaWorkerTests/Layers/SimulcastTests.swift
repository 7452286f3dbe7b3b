import MediaControl
import MixCore
import SyntheticClient
import Testing

@testable import MediaWorker

@Suite(.serialized, .timeLimit(.minutes(2))) struct SimulcastTests {
  private func publisher(_ live: LiveRoom) async throws -> SyntheticPublisher {
    var configuration = SyntheticPublisher.Configuration(
      label: "host", width: 640, height: 360, frameRate: 20, bitrate: 500_000, toneHertz: 440, hue: 0)
    configuration.layers = [
      .init(name: "q", scaledDownBy: 4, bitrate: 60_000), .init(name: "h", scaledDownBy: 2, bitrate: 150_000),
      .init(name: "f", scaledDownBy: 1, bitrate: 500_000),
    ]
    return try await live.publish(configuration, as: .host, session: "simulcast")
  }

  private func decodedWidth(_ live: LiveRoom) async throws -> Int {
    try await live.stats().participants.first { $0.userId == "host" }?.width ?? 0
  }

  @Test("The programme decodes the layer its rectangle needs, falls back when that one goes silent, and climbs again")
  func programme() async throws {
    let live = try await LiveRoom()
    let host = try await publisher(live)
    let viewer = try await live.viewer()
    #expect(try await live.eventually { try await decodedWidth(live) == 640 })
    host.setActiveLayers([0, 1])
    let silent = MonotonicClock.now()
    #expect(try await live.eventually { try await decodedWidth(live) == 320 })
    print("fell back after \((MonotonicClock.now() - silent).milliseconds) ms")
    host.setActiveLayers([0, 1, 2])
    #expect(try await live.eventually { try await decodedWidth(live) == 640 })
    // As one of two columns of 320 × 360 he is cropped, and still fills them with all his lines.
    let guest = try await live.guest()
    _ = try await live.scene("grid")
    let before = viewer.statistics
    #expect(try await live.eventually { viewer.statistics.framesDecoded > before.framesDecoded + 40 })
    #expect(try await decodedWidth(live) == 640)
    #expect(viewer.statistics.decodeFailures == 0)
    for participant in [host, guest] { await participant.stop() }
    await viewer.stop()
    await live.worker.shutdown()
  }

  @Test("A receiver on stage gets the layer his tile needs, and one unbroken stream when the tile changes")
  func stage() async throws {
    let live = try await LiveRoom()
    let host = try await publisher(live)
    let receiver = try await live.stageReceiver("guest", of: "host")
    let session = SessionID(rawValue: "stage-guest-host")
    #expect(try await live.eventually { receiver.statistics.picture?.size.width == 640 })
    _ = try await live.worker.perform(.setStageTile(session, height: 90))
    #expect(try await live.eventually { receiver.statistics.picture?.size.width == 160 })
    _ = try await live.worker.perform(.setStageTile(session, height: 180))
    #expect(try await live.eventually { receiver.statistics.picture?.size.width == 320 })
    let report = receiver.statistics
    #expect(report.decodeFailures == 0 && report.video.timestampReversals == 0)
    #expect(report.toneAmplitude(hertz: 440) > 0.05)
    #expect(report.video.longestTimestampStep < .milliseconds(600))
    await host.stop()
    await receiver.stop()
    await live.worker.shutdown()
  }

  @Test("Many who begin to receive the same person ask him for few key frames")
  func mergedRequests() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    #expect(try await live.eventually { try await live.stats().participants.first?.framesDecoded ?? 0 > 0 })
    let (before, start) = (host.statistics.keyFrameRequests, ContinuousClock.now)
    var receivers: [SyntheticViewer] = []
    for number in 0..<8 { receivers.append(try await live.stageReceiver("guest-\(number)", of: "host")) }
    #expect(try await live.eventually { receivers.allSatisfy { $0.statistics.framesDecoded > 0 } })
    let pauses = Int((ContinuousClock.now - start) / .milliseconds(300))
    #expect(host.statistics.keyFrameRequests - before <= pauses + 1)
    #expect(receivers.allSatisfy { $0.statistics.decodeFailures == 0 })
    for receiver in receivers { await receiver.stop() }
    await host.stop()
    await live.worker.shutdown()
  }
}
