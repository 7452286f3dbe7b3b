import MixCore
import Testing

@testable import Transport

@Suite("The estimate of the receiving end")
struct ReceiveSideEstimatorTests {
  /// Video of 1 Mb/s on a path whose queue grows when it is told to.
  struct Flow {
    let hasSendTimes: Bool
    var estimator = ReceiveSideEstimator()
    var ssrc: UInt32 = 1
    /// The sender's clock is ahead by so much.
    var offset = MediaTime.seconds(100_000)
    private var sent = MediaTime.zero
    private var queue = MediaTime.zero

    init(hasSendTimes: Bool) { self.hasSendTimes = hasSendTimes }

    /// `growth` is in percent of the time that passes.
    mutating func run(_ duration: MediaTime, step: MediaTime = .milliseconds(10), growth: Int64 = 0) {
      let end = sent + duration
      while sent < end {
        sent += step
        queue += step * growth / 100
        let time = sent + offset
        var header = RTPHeader(
          marker: true, payloadType: 96, sequence: 0,
          timestamp: UInt32(truncatingIfNeeded: time.count(rate: 90_000)), ssrc: ssrc)
        if hasSendTimes { header.extensions.absoluteSendTime = NTPTimestamp(time).absoluteSendTime }
        estimator.note(
          header, isVideo: true, bytes: 1200, roundTrip: .milliseconds(50),
          arrival: sent + .milliseconds(30) + queue)
      }
    }

    mutating func answersToCongestion() -> Bool {
      let before = estimator.bitrate
      run(.seconds(3), growth: 40)
      return estimator.bitrate < before * 8 / 10
    }
  }

  @Test("After twelve hours a queue that grows is still noticed", arguments: [false, true])
  func hours(hasSendTimes: Bool) {
    var flow = Flow(hasSendTimes: hasSendTimes)
    flow.run(.seconds(12 * 3600), step: .seconds(10))
    flow.run(.seconds(5))
    let isAnswered = flow.answersToCongestion()
    #expect(isAnswered)
  }

  @Test("Video that goes on under another SSRC is followed")
  func otherSource() {
    var flow = Flow(hasSendTimes: false)
    flow.run(.seconds(5))
    flow.ssrc = 2
    flow.offset = .seconds(3)
    let before = flow.estimator.bitrate
    flow.run(.seconds(5))
    #expect(flow.estimator.bitrate >= before)
    let isAnswered = flow.answersToCongestion()
    #expect(isAnswered)
  }

  @Test("Of two layers one is followed, and when that is off the other one")
  func layers() {
    var flow = Flow(hasSendTimes: false)
    flow.run(.seconds(5))
    let before = flow.estimator.bitrate
    for _ in 0..<100 {
      (flow.ssrc, flow.offset) = (2, .seconds(3))
      flow.run(.milliseconds(20))
      (flow.ssrc, flow.offset) = (1, .seconds(100_000))
      flow.run(.milliseconds(20))
    }
    #expect(flow.estimator.bitrate >= before)
    (flow.ssrc, flow.offset) = (2, .seconds(3))
    flow.run(.seconds(5))
    let isAnswered = flow.answersToCongestion()
    #expect(isAnswered)
  }

  @Test("A sender's clock that is set back by 20 s is followed at once", arguments: [false, true])
  func setBack(hasSendTimes: Bool) {
    var flow = Flow(hasSendTimes: hasSendTimes)
    flow.run(.seconds(5))
    let before = flow.estimator.bitrate
    flow.offset -= .seconds(20)
    flow.run(.seconds(5))
    #expect(flow.estimator.bitrate >= before)
    let isAnswered = flow.answersToCongestion()
    #expect(isAnswered)
  }
}
