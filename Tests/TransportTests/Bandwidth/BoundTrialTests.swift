import MixCore
import Testing

@testable import Transport

@Suite("Sending more than a receiver's bound")
struct BoundTrialTests {
  @Test("begins again two, four and then six seconds after it failed")
  func pauses() {
    var trial = BoundTrial()
    var begun: [MediaTime] = []
    for step in 0..<400 as Range<Int64> {
      let now = MediaTime.milliseconds(100) * step
      guard trial.begin(offered: 1_000_000, bound: 300_000, now: now) else { continue }
      begun.append(now)
      trial.end(now: now)
    }
    #expect(begun == ([0, 2, 6, 12, 18, 24, 30, 36] as [Int64]).map { MediaTime.seconds($0) })
  }

  @Test("with a better layer begins again four, eight and then up to sixty seconds after it failed")
  func raisePauses() {
    var trial = BoundTrial()
    var begun: [MediaTime] = []
    for step in 0..<2400 as Range<Int64> {
      let now = MediaTime.milliseconds(100) * step
      guard trial.raise(to: 600_000, bound: 300_000, now: now) else { continue }
      begun.append(now)
      trial.end(now: now)
    }
    #expect(begun == ([0, 4, 12, 28, 60, 120, 180] as [Int64]).map { MediaTime.seconds($0) })
  }

  @Test("with a better layer begins where little more is allowed than what leaves, and ends when the bound falls")
  func raise() {
    var control = BandwidthControl()
    control.noteReceiverBound(300_000, now: .zero)
    for step in 0..<100 as Range<Int64> {
      control.noteOffer(250, isVideo: true, now: .milliseconds(10 * step))
    }
    control.advance(to: .seconds(1), canPad: false)
    #expect(control.available == 300_000)
    control.better = 600_000
    control.advance(to: .milliseconds(1010), canPad: false)
    #expect(control.available == 900_000)
    control.noteReceiverBound(280_000, now: .milliseconds(1500))
    #expect(control.available == 280_000)
    control.noteReceiverBound(800_000, now: .seconds(10))
    control.advance(to: .seconds(10), canPad: false)
    #expect(control.available == 800_000)
  }

  @Test("grows with what is on offer, and begins again after two seconds where it went well for long")
  func success() {
    var trial = BoundTrial()
    let first = trial.begin(offered: 1_000_000, bound: 300_000, now: .zero)
    let changes = [
      trial.begin(offered: 900_000, bound: 300_000, now: .seconds(1)),
      trial.begin(offered: 2_000_000, bound: 300_000, now: .seconds(2)),
    ]
    #expect(first && changes == [false, true] && trial.rate == 3_000_000)
    trial.end(now: .seconds(20))
    #expect(trial.rate == nil)
    let later = [
      trial.begin(offered: 1_000_000, bound: 300_000, now: .seconds(21)),
      trial.begin(offered: 1_000_000, bound: 300_000, now: .seconds(22)),
    ]
    #expect(later == [false, true])
  }

  @Test(
    "begins with no more than one and a half times the bound, for less long where that is much less than what is offered",
    arguments: [
      (700_000, 800, 46_000...49_000), (2_000_000, 406, 23_800...26_000),
    ] as [(Double, Int64, ClosedRange<Int>)])
  func caution(offered: Double, milliseconds: Int64, expected: ClosedRange<Int>) {
    var trial = BoundTrial()
    _ = trial.begin(offered: offered, bound: 300_000, now: .zero)
    var bytes = 0
    for step in 0..<milliseconds {
      while !trial.holdsBack(.milliseconds(step)), bytes < 100_000 {
        trial.noteSent(1200)
        bytes += 1200
      }
    }
    #expect(expected.contains(bytes))
    #expect(!trial.holdsBack(.milliseconds(milliseconds + 1)))
  }

  @Test("that begins while pictures are refused counts from their key frame on, and no fall before that ends it")
  func resumption() {
    var control = BandwidthControl()
    control.noteReceiverBound(300_000, now: .zero)
    control.isShort = true
    for step in 0..<100 as Range<Int64> {
      control.noteOffer(1250, isVideo: true, now: .milliseconds(10 * step))
    }
    control.advance(to: .seconds(1), canPad: false)
    #expect(control.available ?? 0 > 1_400_000)
    control.noteReceiverBound(280_000, now: .milliseconds(1500))
    #expect(control.available ?? 0 > 1_400_000)
    control.isShort = false
    control.noteResumption(now: .seconds(3))
    control.advance(to: .seconds(3), canPad: false)
    for _ in 0..<4 { control.noteSent(1200, isNumbered: false, now: .seconds(3)) }
    control.advance(to: .milliseconds(3050), canPad: false)
    let isHeldBack = !control.allows(.milliseconds(3050), underWay: 0)
    #expect(isHeldBack)
    control.noteReceiverBound(260_000, now: .milliseconds(3500))
    #expect(control.available == 260_000)
  }

  @Test("lets no picture wait for so long that it is refused, however little the receiver allows")
  func cautionRefusesNothing() {
    var plane = LargeKeyFrameTests.makePlane(bound: 250_000)
    var source = FrameSource(start: .zero)
    var opened: Int?
    var refused = 0
    for index in 0..<150 {
      let now = MediaTime(count: Int64(index), rate: 30)
      let isKeyFrame = index == 0 || !plane.outputs.isEmpty
      plane.outputs.removeAll()
      let frame = source.next(size: isKeyFrame ? 20_000 : 5000, isKeyFrame: isKeyFrame, now: now)
      if !plane.enqueue(frame, media: 1, now: now) {
        if opened != nil { refused += 1 }
      } else if opened == nil {
        opened = index
      }
      _ = LargeKeyFrameTests.run(&plane, from: now)
    }
    #expect(opened ?? .max < 60)
    #expect(refused == 0)
  }

  @Test("ends when the bound falls, or one of eight packets is missed")
  func ends() {
    var trial = BoundTrial()
    #expect(!trial.isFall(from: 1_000_000, to: 960_000))
    _ = trial.begin(offered: 2_000_000, bound: 1_000_000, now: .zero)
    #expect(trial.isFall(from: 1_000_000, to: 960_000))
    for _ in 0..<100 { trial.noteSent(1200) }
    let before = (0..<50).map { _ in trial.noteMissing(sent: .milliseconds(-1), now: .seconds(1)) }
    #expect(!before.contains(true))
    let ends = (0..<13).map { _ in trial.noteMissing(sent: .milliseconds(500), now: .seconds(1)) }
    #expect(ends == (0..<13).map { $0 == 12 })
    #expect(trial.rate == nil)
  }

  private static func report(highest: Int) -> [UInt8] {
    let block = ReportBlock(
      ssrc: 20, fractionLost: 0, cumulativeLost: 0, highestSequence: UInt32(highest), jitter: 0, lastReport: 0,
      delaySinceLastReport: 0)
    return writeRTCP { _ = $0.receiverReport(ssrc: 1, blocks: [block]) }
  }

  @Test("is over once the peer tells what becomes of each packet, and comes again when he only goes on receiving")
  func feedback() {
    var plane = SendingTests.makePlane()
    var source = FrameSource(start: .zero)
    var opus = OpusPacketizer(timeOrigin: .zero)
    var receiver = TransportReceiver()
    var number: UInt16 = 0
    var rates: [Int: Double] = [:]
    var admitted = 0
    plane.transportSender.bandwidth.noteReceiverBound(300_000, now: .zero)
    for index in 0..<600 {
      let now = MediaTime(count: Int64(index), rate: 30)
      if index % 30 == 15 { _ = SendingTests.receive(Self.report(highest: index), by: &plane, now: now) }
      if index % 3 == 0 {
        let answer = writeRTCP { receiver.writeFeedback(into: &$0, sender: 1) }
        if !answer.isEmpty { _ = SendingTests.receive(answer, by: &plane, now: now) }
      }
      let sound = EncodedPacket(
        track: .audio(.opus), data: [1], time: now, duration: .milliseconds(20), isKeyFrame: true)
      _ = plane.enqueue(opus.packetize(sound), media: 0, now: now)
      let isKeyFrame = index == 0 || !plane.outputs.isEmpty
      plane.outputs.removeAll()
      let isSent = plane.enqueue(source.next(size: 5000, isKeyFrame: isKeyFrame, now: now), media: 1, now: now)
      if isSent, index >= 540 { admitted += 1 }
      for _ in 0..<LargeKeyFrameTests.run(&plane, from: now) {
        number &+= 1
        guard (90..<120).contains(index) else { continue }
        receiver.note(number, ssrc: 1, bytes: 1000, arrival: now + .milliseconds(33))
      }
      rates[index] = plane.transportSender.bandwidth.available
    }
    #expect(rates[89] ?? 0 > 1_000_000)
    #expect(rates[119] ?? .infinity <= 300_000)
    #expect(rates[599] ?? 0 > 1_000_000)
    #expect(admitted >= 50)
  }

  /// A peer who tells nothing by himself.
  private static func withoutEstimates(_ offer: String) -> String {
    AdaptationTests.Feedback.receiverEstimate.edit(offer)
      .split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.contains("goog-remb") }
      .joined(separator: "\r\n")
  }

  /// As old clients do: no bound for three seconds, then what comes, which grows slowly, and falls for no reason.
  @Test("costs a viewer nothing when his first bound is less than what comes, and seconds when it falls by mistake")
  func oldClient() throws {
    var run = try RateRun(
      AdaptationTests.path(5_000_000), encoder: .fixed(1_500_000), clientSends: false, edit: Self.withoutEstimates)
    run.play(for: .seconds(3))
    var bound: UInt64 = 1_300_000
    for second in 0..<20 {
      if second == 8 { bound = 900_000 }
      let now = run.pair.now
      run.pair.server.plane.transportSender.bandwidth.noteReceiverBound(bound, now: now)
      run.play(for: .seconds(1))
      bound += 32_000
    }
    #expect(run.samples.prefix(11).allSatisfy { $0.framesArrived >= 26 })
    #expect(run.samples.suffix(7).allSatisfy { $0.framesArrived >= 26 })
    #expect(run.soundsLost <= 5)
  }
}
