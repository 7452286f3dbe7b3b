import MixCore
import Testing

@testable import Transport

@Suite("Sending")
struct SendingTests {
  static let epoch = MediaTime.seconds(3_900_000_000)

  static func makePlane(rtx: Bool = true) -> MediaPlane {
    var random = SeededRandom(seed: 4)
    return MediaPlane(
      media: Wire.media(.send, codec: .vp8, rtx: rtx), cname: "s", ntpOffset: epoch, random: &random)
  }

  static func header(_ bytes: [UInt8]) -> RTPHeader? {
    unsafe bytes.withUnsafeBytes {
      unsafe RTPHeader(parsing: $0, extensions: Wire.media(.send, codec: .vp8, rtx: true)[1].extensions)
    }
  }

  static func payload(_ bytes: [UInt8]) -> [UInt8] {
    header(bytes).map { Array(bytes[$0.payloadOffset..<($0.payloadOffset + $0.payloadLength)]) } ?? []
  }

  static func send(_ frame: PacketizedFrame, on plane: inout MediaPlane, now: MediaTime) -> [[UInt8]] {
    frame.packets.indices.map { index in
      unsafe Wire.buffer { unsafe plane.write(packet: index, of: frame, media: 1, now: now, into: $0) }
    }
  }

  static func repairs(_ plane: inout MediaPlane, now: MediaTime) -> [[UInt8]] {
    var all: [[UInt8]] = []
    while true {
      let bytes = unsafe Wire.buffer { unsafe plane.writeRetransmission(into: $0, now: now) }
      if bytes.isEmpty { return all }
      all.append(bytes)
    }
  }

  static func receive(_ rtcp: [UInt8], by plane: inout MediaPlane, now: MediaTime) -> Bool {
    unsafe rtcp.withUnsafeBytes { unsafe plane.receiveRTCP($0, now: now) }
  }

  @Test("Packets are numbered one by one, marked at the end, and carry what was agreed")
  func packets() throws {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    let frame = source.next(size: 5000, isKeyFrame: true, now: .seconds(2))
    let packets = Self.send(frame, on: &plane, now: .seconds(2))
    let headers = try packets.map { try #require(Self.header($0)) }
    #expect(headers.map(\.marker) == [false, false, false, false, true])
    for (index, header) in headers.enumerated() {
      #expect(header.ssrc == 20)
      #expect(header.timestamp == 180_000)
      #expect(header.sequence == headers[0].sequence &+ UInt16(index))
      #expect(header.extensions.mid == ExtensionToken("1"))
      #expect(header.extensions.transportSequence == UInt16(index + 1))
      #expect(header.extensions.absoluteSendTime == NTPTimestamp(Self.epoch + .seconds(2)).absoluteSendTime)
    }
    #expect(packets.allSatisfy { $0.count <= 1200 - 16 })
    #expect(packets.map(Self.payload) == payloads(of: frame))
    #expect(unsafe Wire.buffer { unsafe plane.write(packet: 99, of: frame, media: 1, now: .zero, into: $0) }.isEmpty)
    #expect(unsafe Wire.buffer { unsafe plane.write(packet: 0, of: frame, media: 9, now: .zero, into: $0) }.isEmpty)
  }

  @Test(
    "A packet asked for again comes in its own stream, or not at all where RTX was not agreed",
    arguments: [true, false])
  func retransmission(rtx: Bool) throws {
    var plane = Self.makePlane(rtx: rtx)
    var source = FrameSource(start: .zero)
    let packets = Self.send(source.next(size: 8000, isKeyFrame: true, now: .zero), on: &plane, now: .zero)
    let original = try #require(Self.header(packets[3]))
    let nack = writeRTCP { _ = $0.nack([original.sequence], sender: 1, media: 20) }
    #expect(Self.receive(nack, by: &plane, now: .milliseconds(50)))
    let repairs = Self.repairs(&plane, now: .milliseconds(50))
    try #require(repairs.count == (rtx ? 1 : 0))
    guard rtx else { return }
    let header = try #require(Self.header(repairs[0]))
    #expect(header.timestamp == original.timestamp)
    #expect((header.ssrc, header.payloadType) == (21, 97))
    let number = [UInt8(original.sequence >> 8), UInt8(truncatingIfNeeded: original.sequence)]
    #expect(Self.payload(repairs[0]) == number + Self.payload(packets[3]))
    // At once again: the first answer is still on its way.
    #expect(Self.receive(nack, by: &plane, now: .milliseconds(51)))
    #expect(Self.repairs(&plane, now: .milliseconds(51)).isEmpty)
    #expect(Self.receive(nack, by: &plane, now: .milliseconds(80)))
    #expect(Self.repairs(&plane, now: .milliseconds(80)).count == 1)
  }

  @Test("A packet counts as missed once, however often the peer asks for it, one that is not kept never")
  func missed() throws {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    let sent = MediaTime.seconds(3)
    let packets = Self.send(source.next(size: 8000, isKeyFrame: true, now: sent), on: &plane, now: sent)
    let first = try #require(Self.header(packets[0])).sequence
    let answers = [first, first &- 1, first, first &+ 1, first &+ 500].map { plane.senders[1].noteNack($0) }
    #expect(answers == [sent, nil, nil, sent, nil])
    #expect(plane.statistics(media: 1).nacksReceived == 5)
  }

  @Test("A peer that asks for everything, always, gets no more than the media again")
  func budget() {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    var now = MediaTime.zero
    var media = 0
    var repaired = 0
    for _ in 0..<12 {
      media += Self.send(source.next(size: 3000, isKeyFrame: false, now: now), on: &plane, now: now).map(\.count)
        .reduce(0, +)
      for start in stride(from: 0, to: 65_536, by: 2048) {
        let all = (0..<2048).map { UInt16(truncatingIfNeeded: start + $0) }
        _ = Self.receive(writeRTCP { _ = $0.nack(all[...], sender: 1, media: 20) }, by: &plane, now: now)
        repaired += Self.repairs(&plane, now: now).map(\.count).reduce(0, +)
      }
      now += .milliseconds(40)
    }
    #expect(repaired > 0)
    #expect(repaired <= media)
    #expect(plane.statistics(media: 1).retransmissionsRefused > 700_000)
  }

  @Test("Only packets of the last moments are kept; of forwarded ones as many as the memory holds")
  func history() {
    var history = SendHistory(packets: 8, arenaCapacity: 1000)
    func header(_ sequence: UInt16) -> RTPHeader {
      RTPHeader(marker: false, payloadType: 96, sequence: sequence, timestamp: 0, ssrc: 1)
    }
    for sequence: UInt16 in 65_530...65_535 {
      let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 240)
      unsafe payload.withUnsafeBytes { unsafe history.keep(header(sequence), copying: $0, now: .zero) }
    }
    #expect(history.find(65_530) == nil)
    #expect(history.find(65_531) == nil)
    for sequence: UInt16 in 65_532...65_535 {
      guard let entry = history.find(sequence) else { Issue.record("\(sequence) is gone"); continue }
      let bytes = unsafe Wire.buffer { buffer in
        var writer = unsafe ByteWriter(buffer)
        history.copyPayload(of: entry, into: &writer)
        return writer.finished
      }
      #expect(bytes == [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: 240))
    }
    for sequence: UInt16 in 0...8 { history.keep(header(sequence), sharing: [1, 2, 3], range: 1..<3, now: .zero) }
    #expect(history.find(0) == nil && history.find(8) != nil && history.find(65_535) == nil)
  }

  @Test("Forwarded packets keep their distances, reordered or not, and a new source goes on behind the old one")
  func forwarding() throws {
    var plane = Self.makePlane()
    func forward(_ ssrc: UInt32, _ sequence: UInt16, _ timestamp: UInt32, at time: MediaTime) throws -> RTPHeader {
      let packet = ForwardQueue.Packet(
        media: 0, ssrc: ssrc, sequence: sequence, timestamp: timestamp, marker: true, payloadOffset: 0,
        payloadLength: 3, arrival: time, captureTime: time, audioLevel: nil, isKeyFrameStart: false)
      let bytes = unsafe Wire.buffer { buffer in
        unsafe ([9, 8, 7] as [UInt8]).withUnsafeBytes {
          unsafe plane.write(forwarded: packet, payload: $0, media: 1, now: time, into: buffer)
        }
      }
      #expect(Self.payload(bytes) == [9, 8, 7])
      return try #require(Self.header(bytes))
    }
    let first = try forward(5, 65_534, 0xffff_ff00, at: .seconds(1))
    let third = try forward(5, 0, 0xffff_ff00 &+ 6000, at: .seconds(1) + .milliseconds(66))
    let second = try forward(5, 65_535, 0xffff_ff00 &+ 3000, at: .seconds(1) + .milliseconds(70))
    #expect(second.sequence == first.sequence &+ 1)
    #expect(third.sequence == first.sequence &+ 2)
    #expect(third.timestamp &- first.timestamp == 6000)
    #expect(second.timestamp &- first.timestamp == 3000)
    let other = try forward(6, 30_000, 77, at: .seconds(2) + .milliseconds(66))
    #expect(other.sequence == first.sequence &+ 3)
    #expect(other.timestamp &- third.timestamp == 90_000)
    let next = try forward(6, 30_001, 77 + 3000, at: .seconds(2) + .milliseconds(99))
    #expect(next.sequence == other.sequence &+ 1)
    #expect(next.timestamp == other.timestamp &+ 3000)
  }

  @Test("Received packets come out of the forward queue as they were, each once, padding as an empty one")
  func forwardQueue() throws {
    var wire = Wire()
    wire.network.duplicates = 0.5
    wire.receiver.forwards.isEnabled = true
    var source = FrameSource(start: wire.now)
    let frame = source.next(size: 5000, isKeyFrame: true, now: wire.now)
    wire.send(frame, media: 1)
    wire.run(.milliseconds(30))
    let queue = wire.receiver.forwards
    #expect(
      queue.packets.map { Array(queue.bytes[$0.payloadOffset..<($0.payloadOffset + $0.payloadLength)]) }
        == payloads(of: frame))
    #expect(queue.packets.map(\.isKeyFrameStart) == [true, false, false, false, false])
    #expect(queue.packets.map(\.marker) == [false, false, false, false, true])
    #expect(queue.packets.allSatisfy { $0.media == 1 && $0.ssrc == 20 })
    let last = try #require(queue.packets.last)
    var padding = RTPHeader(
      marker: false, payloadType: 96, sequence: last.sequence &+ 1, timestamp: last.timestamp, ssrc: 20)
    padding.extensions.mid = ExtensionToken("1")
    wire.network.duplicates = 0
    wire.inject(RTPHeaderTests.write(padding, Wire.media(.receive, codec: .vp8, rtx: true)[1].extensions))
    wire.run(.milliseconds(30))
    #expect(wire.receiver.forwards.packets.last?.payloadLength == 0)
    #expect(wire.receiver.forwards.packets.count == 6)
    wire.receiver.forwards.removeAll()
    #expect(wire.receiver.forwards.bytes.isEmpty)
  }

  @Test("A sender report says where the media's clock stands now")
  func senderReports() throws {
    var plane = Self.makePlane()
    var source = FrameSource(start: .zero)
    _ = Self.send(
      source.next(size: 100, isKeyFrame: true, now: .seconds(5)), on: &plane, now: .seconds(5) + .milliseconds(30))
    let due = plane.nextDeadline
    #expect(due <= .seconds(5) + .milliseconds(200))
    let bytes = unsafe Wire.buffer { unsafe plane.writeControl(into: $0, now: due) }
    var report: SenderReport?
    unsafe bytes.withUnsafeBytes { buffer in
      for case .senderReport(let found, _) in unsafe RTCPCompound(buffer) { report = found }
    }
    let found = try #require(report)
    #expect(found.ntp == NTPTimestamp(due + Self.epoch))
    #expect(found.timestamp == UInt32((due).count(rate: 90_000)))
    #expect(found.packetCount == 1)
    #expect(plane.nextDeadline > due + .milliseconds(400))
  }

  /// One in either form, and the second again.
  static let keyFrameRequests = writeRTCP {
    _ = $0.pictureLoss(sender: 1, media: 20)
    _ = $0.fullIntra(sender: 1, media: 20, commandSequence: 4)
    _ = $0.fullIntra(sender: 1, media: 20, commandSequence: 4)
  }

  @Test("Requests count for our own sources only, and a repeated full intra request counts once")
  func requests() {
    var plane = Self.makePlane()
    #expect(Self.receive(Self.keyFrameRequests, by: &plane, now: .zero))
    #expect(plane.outputs.count == 2)
    let foreign = writeRTCP {
      _ = $0.pictureLoss(sender: 1, media: 555)
      _ = $0.fullIntra(sender: 1, media: 555, commandSequence: 9)
      _ = $0.nack([1, 2, 3], sender: 1, media: 555)
      _ = $0.goodbye([555])
    }
    #expect(!Self.receive(foreign, by: &plane, now: .zero))
    #expect(plane.outputs.count == 2)
    #expect(plane.statistics(media: 1).nacksReceived == 0)
  }

  @Test("The round trip is learned from the peer's reports")
  func roundTrip() {
    var wire = Wire()
    wire.network.delay = .milliseconds(35)
    var source = FrameSource(start: wire.now)
    VideoDeliveryTests.stream(&wire, frames: 80, source: &source)
    let measured = wire.sender.roundTripTime ?? .zero
    #expect(abs(measured.milliseconds - 70) < 4)
  }
}
