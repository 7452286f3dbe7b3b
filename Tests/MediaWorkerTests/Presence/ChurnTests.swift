import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing
import Transport

/// People who come, go and switch what they send, while the others want an even programme.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ChurnTests {
  func sessions(_ live: LiveRoom) async throws -> Double {
    guard case .metrics(let metrics) = try await live.worker.perform(.metrics) else { return -1 }
    return metrics.samples.first { $0.name == "webrtc_sessions" }?.value ?? -1
  }

  @Test("Joining and leaving again and again leaves nothing behind and never stops the programme")
  func churn() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let viewer = try await live.viewer()
    #expect(try await live.eventually { viewer.statistics.framesDecoded > 20 })
    let atFirst = try await sessions(live)
    for number in 0..<12 {
      let seen = viewer.statistics.video.count
      let session = "guest-\(number)"
      let guest = try await live.publisher("guest", role: .cohost, tone: 660, hue: 1, session: session)
      #expect(
        try await live.eventually {
          try await live.stats().participants.first { $0.userId == "guest" }?.framesDecoded ?? 0 > 0
        })
      // Every third one vanishes like a crashed browser, and the next one takes over.
      let vanishes = number % 3 == 2
      await guest.stop(saysGoodbye: !vanishes)
      if !vanishes { #expect(try await live.eventually { try await live.scene().layers.count == 1 }) }
      // How even it is `perf/churn.py` says; here it only must not stop.
      #expect(try await live.eventually { viewer.statistics.video.count > seen + 5 })
    }
    _ = try? await live.worker.perform(.closeSession(SessionID(rawValue: "guest-11")))
    #expect(try await live.eventually { try await sessions(live) == atFirst })
    #expect(try await live.scene().layers.map(\.userId) == ["host"])
    await host.stop()
    await viewer.stop()
    await live.worker.shutdown()
  }

  @Test("Muting and unmuting, and a camera that goes off and on, are followed without a break")
  func switching() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let viewer = try await live.viewer()
    #expect(try await live.eventually { viewer.statistics.toneAmplitude(hertz: 440) > 0.02 })
    host.setMedia(video: true, audio: false)
    #expect(try await live.eventually { viewer.statistics.toneAmplitude(hertz: 440) < 0.005 })
    host.setMedia(video: false, audio: true)
    #expect(try await live.eventually { viewer.statistics.toneAmplitude(hertz: 440) > 0.02 })
    // Longer than it takes to the placeholder.
    let seen = viewer.statistics.video.count
    try await Task.sleep(for: .seconds(4))
    #expect(viewer.statistics.video.count > seen + 20)
    let decoded = try await live.stats().participants.first?.framesDecoded ?? 0
    host.setMedia(video: true, audio: true)
    #expect(
      try await live.eventually { try await live.stats().participants.first?.framesDecoded ?? 0 > decoded + 10 })
    #expect(try await live.stats().participants.map(\.connected) == [true])
    #expect(viewer.statistics.decodeFailures == 0 && viewer.statistics.video.timestampReversals == 0)
    await host.stop()
    await viewer.stop()
    await live.worker.shutdown()
  }
}
