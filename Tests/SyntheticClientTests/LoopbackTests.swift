import MixCore
import SyntheticClient
import Testing

@Suite("Publisher and viewer over UDP", .timeLimit(.minutes(1)))
struct LoopbackTests {
  private func publisher(replaySeconds: Int? = nil) throws -> SyntheticPublisher {
    try SyntheticPublisher(
      .init(
        label: "LOOP", width: 320, height: 180, frameRate: 15, bitrate: 250_000, toneHertz: 440, hue: 2,
        replaySeconds: replaySeconds))
  }

  @Test("Picture and tone of a publisher arrive complete, in order and with their numbers")
  func mediaArrives() async throws {
    let server = try LoopbackServer()
    let publisher = try publisher()
    let viewer = SyntheticViewer(.init(decodesVideo: true, decodesAudio: true))
    try await publisher.start { try await server.publish($0) }
    try await viewer.start { try await server.watch($0) }
    let report = try #require(
      try await viewer.wait(upTo: .seconds(20)) { $0.framesDecoded >= 20 && $0.samplesDecoded >= 60_000 })
    await viewer.stop()
    await publisher.stop()
    server.stop()

    #expect(report.videoCodec == .vp8)
    #expect(report.decodeFailures == 0)
    #expect(report.video.timestampReversals == 0)
    #expect(report.audio.timestampReversals == 0)
    let numbers = report.markedFrames.ordered.map(\.number)
    #expect(numbers.count == report.framesDecoded)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    #expect(report.toneAmplitude(hertz: 440) > 0.15)
    #expect(report.toneAmplitude(hertz: 660) < 0.02)
    let last = try #require(report.markedFrames.last)
    let captured = try #require(publisher.statistics.captureTime(ofFrame: last.number))
    #expect(last.arrival > captured)
  }

  @Test("A replayed loop gives a key frame to a viewer who comes late")
  func lateViewer() async throws {
    let server = try LoopbackServer()
    let publisher = try publisher(replaySeconds: 2)
    try await publisher.start { try await server.publish($0) }
    try await Task.sleep(for: .milliseconds(300))
    let viewer = SyntheticViewer(.init(codecs: [.vp8], decodesVideo: true))
    try await viewer.start { try await server.watch($0) }
    let report = try await viewer.wait(upTo: .seconds(20)) { $0.framesDecoded >= 5 }
    #expect(report != nil)
    #expect(publisher.statistics.keyFrameRequests > 0)
    await publisher.stop()
    await viewer.stop()
    #expect(await publisher.ended() == nil)
    #expect(await viewer.ended() == nil)
  }

  @Test("A refused offer, a bad answer and a second start are errors, and nothing is left running")
  func failedStart() async throws {
    struct Refused: Error {}
    let refused = try publisher()
    await #expect(throws: Refused.self) { try await refused.start { _ in throw Refused() } }
    await #expect(throws: SyntheticClientError.alreadyUsed) { try await refused.start { $0 } }
    let confused = SyntheticViewer()
    await #expect(throws: SyntheticClientError.self) { try await confused.start { _ in "no answer" } }
    guard case .negotiation = await confused.ended() else {
      Issue.record("ended with something else")
      return
    }
  }
}
