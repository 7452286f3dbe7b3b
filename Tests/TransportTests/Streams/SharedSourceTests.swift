import MixCore
import Testing

@testable import Transport

@Suite("Two media under one SSRC (row B3)")
struct SharedSourceTests {
  private static let epoch = MediaTime.seconds(3_900_000_000)

  /// Both sections announce the SSRC 20, and 21 for what is sent again.
  private static func video(_ direction: MediaIntent.Direction, mid: String) -> NegotiatedMedia {
    var media = Wire.media(direction, codec: .vp8, rtx: true)[1]
    media.mid = mid
    return media
  }

  /// Two cameras that send in turns, packet by packet, and one session that receives both.
  private struct Cameras {
    var receiver: MediaPlane
    private var senders: [MediaPlane] = []
    private(set) var sources: [FrameSource]
    private var now = MediaTime.seconds(1000)
    private(set) var delivered: [[[UInt8]]] = [[], []]

    init() {
      var random = SeededRandom(seed: 3)
      let mids = ["1", "2"]
      receiver = MediaPlane(
        media: mids.map { SharedSourceTests.video(.receive, mid: $0) }, cname: "r",
        ntpOffset: SharedSourceTests.epoch, random: &random)
      sources = [FrameSource(start: now), FrameSource(start: now)]
      for mid in mids {
        senders.append(
          MediaPlane(
            media: [SharedSourceTests.video(.send, mid: mid)], cname: "s", ntpOffset: SharedSourceTests.epoch,
            random: &random))
      }
    }

    mutating func send(isKeyFrame: Bool) {
      var frames: [PacketizedFrame] = []
      for index in sources.indices {
        frames.append(sources[index].next(size: 3000 + 1500 * index, isKeyFrame: isKeyFrame, now: now))
      }
      for packet in 0..<(frames.map(\.packets.count).max() ?? 0) {
        for index in frames.indices where packet < frames[index].packets.count {
          let bytes = unsafe Wire.buffer { buffer in
            unsafe senders[index].write(packet: packet, of: frames[index], media: 0, now: now, into: buffer)
          }
          _ = unsafe bytes.withUnsafeBytes { unsafe receiver.receiveRTP($0, now: now) }
        }
      }
      for case .videoFrame(let media, let frame) in receiver.outputs { delivered[media].append(frame.data) }
      receiver.outputs.removeAll()
      now += .milliseconds(33)
      receiver.advance(to: now)
    }
  }

  @Test("The MID decides, and both arrive whole")
  func videos() {
    var cameras = Cameras()
    for count in 0..<30 { cameras.send(isKeyFrame: count == 0) }
    for media in 0..<2 {
      #expect(cameras.delivered[media] == cameras.sources[media].sent)
      #expect(cameras.receiver.statistics(media: media).packetsDuplicated == 0)
      #expect(cameras.receiver.statistics(media: media).nacksSent == 0)
    }
  }

  @Test("The clock that a sender report tells is taken for neither")
  func senderReport() {
    var cameras = Cameras()
    cameras.send(isKeyFrame: true)
    let report = SenderReport(
      ssrc: 20, ntp: NTPTimestamp(MediaTime.seconds(1000) + Self.epoch), timestamp: 1, packetCount: 1, octetCount: 1)
    let bytes = writeRTCP { _ = $0.senderReport(report, blocks: []) }
    let isTaken = unsafe bytes.withUnsafeBytes { unsafe cameras.receiver.receiveRTCP($0, now: .seconds(1001)) }
    #expect(isTaken)
    for index in 0..<2 {
      let block = cameras.receiver.receivers[index].makeReportBlock(now: .seconds(1001))
      #expect(block?.lastReport == 0)
    }
  }

  private static func route(_ table: inout SourceTable, type: UInt8, mid: String? = nil) -> Int? {
    table.route(of: SourceTableTests.header(20, type: type, mid: mid), now: .zero)?.media
  }

  @Test("Without a MID the payload type decides; what may be of both is dropped")
  func withoutMID() {
    var table = SourceTable(media: ["1", "2"].map { Self.video(.receive, mid: $0) })
    #expect(Self.route(&table, type: 96) == nil)
    #expect(Self.route(&table, type: 96, mid: "2") == 1)
    #expect(Self.route(&table, type: 96, mid: "1") == 0)
    #expect(Self.route(&table, type: 96) == nil)
    var media = Wire.media(.receive, codec: .vp8, rtx: true)
    media[0].remoteSSRC = media[1].remoteSSRC
    table = SourceTable(media: media)
    #expect(Self.route(&table, type: 111) == 0)
    #expect(Self.route(&table, type: 96) == 1)
    #expect(Self.route(&table, type: 111, mid: "1") == nil)
  }

  @Test("A known SSRC under another MID is another source and takes nothing from the first")
  func claimed() {
    var second = Self.video(.receive, mid: "2")
    (second.remoteSSRC, second.remoteRTXSSRC) = (nil, nil)
    var table = SourceTable(media: [Self.video(.receive, mid: "1"), second])
    #expect(Self.route(&table, type: 96) == 0)
    #expect(Self.route(&table, type: 96, mid: "2") == 1)
    #expect(Self.route(&table, type: 96, mid: "1") == 0)
    #expect(Self.route(&table, type: 96) == nil)
  }
}
