import MixCore
import Testing

@testable import Transport

@Suite("Whose retransmissions they are")
struct RepairSourceTests {
  /// The video section of a `Wire`: SSRC 20 and its RTX stream 21 are announced.
  struct Feed {
    var stream = ReceiveStream(media: Wire.media(.receive, codec: .vp8, rtx: true)[1], index: 0)
    var now = MediaTime.seconds(1)
    private var clock = CaptureClock(clockRates: [90_000])
    private var outputs: [MediaOutput] = []
    private var forwards = ForwardQueue()

    init() {}

    var recovered: UInt64 { stream.statistics.packetsRecovered }

    /// A frame of one packet.
    mutating func send(_ ssrc: UInt32, _ sequence: UInt16, isKeyFrame: Bool = false) {
      receive(
        RTPHeader(
          marker: true, payloadType: 96, sequence: sequence, timestamp: UInt32(sequence) * 3000, ssrc: ssrc),
        [0x10, isKeyFrame ? 0x10 : 0x11, 0, 0])
    }

    mutating func resend(_ sequence: UInt16, on repair: UInt32) {
      let number = [UInt8(sequence >> 8), UInt8(truncatingIfNeeded: sequence)]
      receive(
        RTPHeader(
          marker: true, payloadType: 97, sequence: 1, timestamp: UInt32(sequence) * 3000, ssrc: repair),
        number + [0x10, 0x11, 0, 0])
    }

    /// Begins at `sequence` and loses the second packet.
    mutating func begin(_ ssrc: UInt32, at sequence: UInt16) {
      send(ssrc, sequence, isKeyFrame: true)
      send(ssrc, sequence + 2)
    }

    private mutating func receive(_ header: RTPHeader, _ payload: [UInt8]) {
      unsafe payload.withUnsafeBytes { bytes in
        _ = unsafe stream.receive(
          header: header, payload: bytes, arrival: now, clock: &clock, outputs: &outputs, forwards: &forwards)
      }
    }
  }

  /// A source whose RTX stream was used is replaced.
  private static func changedSource() -> Feed {
    var feed = Feed()
    feed.begin(500, at: 100)
    feed.resend(101, on: 501)
    #expect(feed.recovered == 1)
    feed.begin(600, at: 40_000)
    return feed
  }

  @Test("An answer meant for a source that was replaced makes no gap in the numbers of its successor")
  func belatedAnswer() {
    var feed = Self.changedSource()
    let newest = feed.stream.tracker.newest
    feed.resend(40_500, on: 501)
    #expect(feed.stream.tracker.newest == newest)
    #expect(feed.stream.statistics.packetsDiscarded == 1)
    feed.resend(40_001, on: 601)
    #expect(feed.recovered == 2)
    #expect(feed.stream.statistics.framesReceived == 6)
  }

  @Test("A sender that keeps its RTX stream while its media changes is repaired again two seconds later")
  func keptRepairSource() {
    var feed = Self.changedSource()
    feed.resend(40_001, on: 501)
    #expect(feed.recovered == 1)
    feed.now += .seconds(2)
    feed.resend(40_001, on: 501)
    #expect(feed.recovered == 2)
    feed.send(600, 40_004)
    feed.resend(40_003, on: 501)
    #expect(feed.recovered == 3)
  }

  @Test("The RTX stream that was announced for a source is believed at once, and for no other source")
  func announced() {
    var feed = Self.changedSource()
    feed.begin(20, at: 9000)
    feed.resend(9001, on: 21)
    #expect(feed.recovered == 2)
    feed.begin(700, at: 20_000)
    feed.resend(20_001, on: 21)
    #expect(feed.recovered == 2)
    feed.resend(20_001, on: 701)
    #expect(feed.recovered == 3)
  }

  @Test("As long as a source that was replaced goes on sending, its retransmissions stay its own")
  func bothSending() {
    var feed = Self.changedSource()
    for index: UInt16 in 0..<30 {
      feed.now += .milliseconds(100)
      feed.send(500, 103 + index)
      feed.send(600, 40_003 + index)
    }
    let newest = feed.stream.tracker.newest
    feed.resend(40_500, on: 501)
    #expect(feed.stream.tracker.newest == newest)
    #expect(feed.recovered == 1)
  }
}
