import MixCore
import Testing

@testable import Transport

@Suite("Requests for key frames")
struct KeyFrameLimiterTests {
  private static func makePlane() -> MediaPlane {
    var plane = SendingTests.makePlane()
    plane.limitsRequests = true
    return plane
  }

  /// A peer asks again and again; answers when that was passed on, each time with a key frame for him if there is one.
  private static func ask(
    _ plane: inout MediaPlane, every pause: MediaTime, times: Int, from start: MediaTime = .zero,
    isAnswered: Bool = true
  ) -> [MediaTime] {
    var source = FrameSource(start: .zero)
    var passed: [MediaTime] = []
    let request = writeRTCP { _ = $0.pictureLoss(sender: 1, media: 20) }
    for number in 0..<times {
      let now = start + pause * Int64(number)
      _ = SendingTests.receive(request, by: &plane, now: now)
      guard !plane.outputs.isEmpty else { continue }
      plane.outputs.removeAll()
      passed.append(now - start)
      guard isAnswered else { continue }
      _ = SendingTests.send(source.next(size: 3000, isKeyFrame: true, now: now), on: &plane, now: now)
    }
    return passed
  }

  @Test("of one who never has enough cost the others ever less, until he was calm for a while")
  func flood() {
    var plane = Self.makePlane()
    let first = Self.ask(&plane, every: .milliseconds(100), times: 100)
    #expect(first == [.zero, .milliseconds(900), .milliseconds(2700), .milliseconds(6300)])
    #expect(plane.statistics(media: 1).keyFrameRequestsReceived == 100)
    let later = Self.ask(&plane, every: .milliseconds(100), times: 20, from: .seconds(13))
    #expect(later == [.zero, .milliseconds(900)])
  }

  @Test("of one who loses something now and then all pass at once")
  func rare() {
    var plane = Self.makePlane()
    #expect(Self.ask(&plane, every: .seconds(4), times: 20).count == 20)
  }

  @Test("pass as long as no key frame has followed, but not each of them")
  func unanswered() {
    var plane = Self.makePlane()
    #expect(Self.ask(&plane, every: .seconds(1), times: 20, isAnswered: false).count == 20)
    var other = Self.makePlane()
    #expect(Self.ask(&other, every: .milliseconds(100), times: 100, isAnswered: false).count == 20)
  }

  @Test("in either form count together, and a repeated one does not count")
  func forms() {
    var plane = Self.makePlane()
    let isTaken = SendingTests.receive(SendingTests.keyFrameRequests, by: &plane, now: .zero)
    #expect(isTaken)
    #expect(plane.outputs.count == 1)
    #expect(plane.statistics(media: 1).keyFrameRequestsReceived == 2)
  }

  /// What passes of requests that never end for a forwarded stream, each answered by a key frame.
  private static func passed(duration: Int64, isLost: Bool) -> [MediaTime] {
    var limiter = KeyFrameLimiter()
    var passed: [MediaTime] = []
    for step in 0..<(duration * 10) {
      let now = MediaTime.milliseconds(100) * step
      guard limiter.admits(now: now) else { continue }
      passed.append(now)
      limiter.noteKeyFrame(isForwarded: true, now: now)
      if isLost { limiter.noteLoss() }
    }
    return passed
  }

  private static func pauses(_ times: [MediaTime]) -> [MediaTime] { zip(times.dropFirst(), times).map { $0 - $1 } }

  @Test("for a stream that is forwarded wait a second at most, until it is clear that key frames are of no use")
  func forwarded() {
    let pauses = Self.pauses(Self.passed(duration: 30, isLost: false))
    #expect(pauses.prefix(8).allSatisfy { $0 <= .seconds(1) })
    #expect(pauses.dropFirst(8).allSatisfy { $0 == .seconds(4) })
    #expect(pauses.count == 13)
  }

  @Test("for a stream whose key frames do not reach him whole wait longer each time, four seconds at most")
  func forwardedInVain() {
    let pauses = Self.pauses(Self.passed(duration: 30, isLost: true))
    #expect(pauses.count == 8)
    #expect(pauses.max() ?? .zero == .seconds(4))
  }

  /// Which requests are refused of one on stage who sees pictures for a second after each key frame.
  private static func refused(isLosing: Bool) -> [Int64] {
    var limiter = KeyFrameLimiter()
    var refused: [Int64] = []
    for number in 0..<40 as Range<Int64> {
      let now = MediaTime.milliseconds(1300) * number
      if isLosing { limiter.noteMissing(sent: now - .milliseconds(100)) }
      if !limiter.admits(now: now, roundTrip: .milliseconds(80)) { refused.append(number) }
      limiter.noteKeyFrame(isForwarded: true, now: now + .milliseconds(150))
    }
    return refused
  }

  @Test("of one on stage who loses something a second after each key frame all pass at once")
  func forwardedBetweenLosses() {
    #expect(Self.refused(isLosing: true).isEmpty)
  }

  @Test("of one on stage whose decoder fails a second after each key frame, though nothing is lost, pass ever less")
  func forwardedToBrokenDecoder() {
    let refused = Self.refused(isLosing: false)
    #expect(Array(refused.prefix(3)) == [10, 12, 13])
    #expect(Array(refused.suffix(4)) == [35, 36, 37, 39])
  }

  @Test("with a number that was refused are heard when they are repeated, and granted ones are not")
  func repeatedCommand() {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    var passed: [Int64] = []
    for (milliseconds, command) in [(0, 1), (100, 2), (600, 2), (1000, 2), (1100, 2), (3000, 2)] as [(Int64, UInt8)] {
      let now = MediaTime.milliseconds(milliseconds)
      let request = writeRTCP { _ = $0.fullIntra(sender: 1, media: 20, commandSequence: command) }
      _ = SendingTests.receive(request, by: &plane, now: now)
      guard !plane.outputs.isEmpty else { continue }
      plane.outputs.removeAll()
      passed.append(milliseconds)
      _ = SendingTests.send(source.next(size: 3000, isKeyFrame: true, now: now), on: &plane, now: now)
    }
    #expect(passed == [0, 1000])
    #expect(plane.statistics(media: 1).keyFrameRequestsReceived == 2)
  }

  @Test("that crossed with a key frame are not taken for new ones")
  func crossed() {
    var limiter = KeyFrameLimiter()
    let first = limiter.admits(now: .zero, roundTrip: .seconds(1))
    limiter.noteKeyFrame(isForwarded: true, now: .milliseconds(500))
    let later = ([1000, 1400, 1500] as [Int64]).map { limiter.admits(now: .milliseconds($0), roundTrip: .seconds(1)) }
    #expect(first && later == [false, false, true])
  }

  /// The parameter sets of H.264, which come again once the picture behind them is known to be a key frame.
  private static func forwardKeyFrame(_ number: Int, on plane: inout MediaPlane, now: MediaTime) {
    for (isStart, isRepeated, marker) in [(false, false, false), (true, true, false), (false, false, true)] {
      var packet = ForwardingTests.packet(
        number * 2 + (marker ? 1 : 0), frame: number, isKeyFrameStart: isStart, marker: marker, isRepeated: isRepeated)
      packet.arrival = now
      _ = ForwardingTests.forward(packet, [UInt8](repeating: 7, count: 400), on: &plane)
    }
  }

  @Test("are limited on stage too where a key frame is known as one only after its first packet was sent")
  func forwardedParameters() {
    var plane = Self.makePlane()
    let request = writeRTCP { _ = $0.pictureLoss(sender: 1, media: 20) }
    var passed: [MediaTime] = []
    for step in 0..<100 {
      let now = MediaTime.milliseconds(100) * Int64(step)
      _ = SendingTests.receive(request, by: &plane, now: now)
      guard !plane.outputs.isEmpty else { continue }
      plane.outputs.removeAll()
      passed.append(now)
      Self.forwardKeyFrame(step, on: &plane, now: now)
    }
    let expected = [MediaTime.zero] + (0..<8 as Range<Int64>).map { MediaTime.milliseconds(900 + 1000 * $0) }
    #expect(passed == expected)
  }

  @Test("are limited by servers")
  func server() throws {
    var run = try RateRun(AdaptationTests.path(nil), encoder: .fixed(500_000), clientSends: false)
    for _ in 0..<12 {
      run.play(for: .seconds(1))
      let now = run.pair.now
      run.pair.client.requestKeyFrame(media: 1, now: now)
    }
    run.play(for: .seconds(1))
    #expect((2...5).contains(run.keyFrameRequests))
  }
}
