import MixCore
import Testing

@testable import Transport

/// Payloads of `frame` as packets of one stream.
func payloads(of frame: PacketizedFrame) -> [[UInt8]] { frame.packets.map { Array(frame.bytes[$0]) } }

func encodedVideo(
  _ data: [UInt8], codec: VideoCodec, time: MediaTime = .zero, isKeyFrame: Bool = false
) -> EncodedPacket {
  EncodedPacket(
    track: .video(codec), data: data, time: time, duration: .milliseconds(33), isKeyFrame: isKeyFrame)
}

@Suite("Packetisers")
struct PacketizerTests {
  static let sps: [UInt8] = [0x67, 0x64, 0x00, 0x1f, 0xac, 0xd9, 0x40]
  static let pps: [UInt8] = [0x68, 0xeb, 0xe3, 0xcb]
  static let extradata: [UInt8] =
    [1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 7] + sps + [1, 0, 4] + pps

  static func unit(_ header: UInt8, _ count: Int) -> [UInt8] {
    [header] + (1..<max(count, 1)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  }

  static func prefixed(_ units: [[UInt8]]) -> [UInt8] {
    units.flatMap { unit in
      (0..<4).map { UInt8(truncatingIfNeeded: unit.count >> (24 - 8 * $0)) } + unit
    }
  }

  @Test("VP8 frames of every size come back as they were, in packets that fit")
  func vp8RoundTrip() throws {
    var packetizer = VP8Packetizer(firstPictureID: 0x7ffd)
    for (index, size) in [1, 2, 1125, 1126, 1127, 2252, 2253, 5000, 100_000].enumerated() {
      let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
      let frame = packetizer.packetize(encodedVideo(data, codec: .vp8, time: .seconds(1)))
      #expect(frame.timestamp == 90_000)
      var joined: [UInt8] = []
      for (number, payload) in payloads(of: frame).enumerated() {
        #expect(payload.count <= PayloadLimits.maximum)
        let descriptor = try #require(unsafe payload.withUnsafeBytes { unsafe VP8Descriptor(parsing: $0) })
        #expect(descriptor.startsFrame == (number == 0))
        #expect(descriptor.pictureID == UInt16(0x7ffd + index) & 0x7fff)
        joined += payload.dropFirst(descriptor.length)
      }
      #expect(joined == data)
      let sizes = frame.packets.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  @Test("H.264 units of every size come back as they were, in packets that fit")
  func h264RoundTrip() throws {
    var packetizer = H264Packetizer(extradata: [])
    for size in [1, 2, 3, 1129, 1130, 1131, 1132, 2257, 2258, 10_000, 70_000] {
      let data = Self.prefixed([Self.unit(0x06, 20), Self.unit(0x41, size), Self.unit(0x41, 30)])
      let frame = packetizer.packetize(encodedVideo(data, codec: .h264))
      #expect(payloads(of: frame).allSatisfy { $0.count <= PayloadLimits.maximum })
      #expect(try Self.depacketize(payloads(of: frame)) == data)
    }
  }

  @Test("An IDR picture is preceded by its parameter sets in one packet, others are not")
  func parameterSets() throws {
    var packetizer = H264Packetizer(extradata: Self.extradata)
    let slice = Self.unit(0x65, 5000)
    let key = packetizer.packetize(encodedVideo(Self.prefixed([slice]), codec: .h264, isKeyFrame: true))
    #expect(payloads(of: key)[0] == [0x78, 0, 7] + Self.sps + [0, 4] + Self.pps)
    #expect(try Self.depacketize(payloads(of: key)) == Self.prefixed([Self.sps, Self.pps, slice]))
    let delta = packetizer.packetize(encodedVideo(Self.prefixed([Self.unit(0x41, 10)]), codec: .h264))
    #expect(payloads(of: delta).count == 1)
    let own = Self.prefixed([Self.sps, Self.pps, slice])
    let complete = packetizer.packetize(encodedVideo(own, codec: .h264, isKeyFrame: true))
    #expect(try Self.depacketize(payloads(of: complete)) == own)
  }

  static func depacketize(_ payloads: [[UInt8]]) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 200_000)
    let length = unsafe buffer.withUnsafeMutableBytes { target -> Int? in
      var depacketizer = unsafe H264Depacketizer(target)
      for payload in payloads {
        guard unsafe payload.withUnsafeBytes({ unsafe depacketizer.append($0) }) else { return nil }
      }
      return depacketizer.isWhole ? depacketizer.length : nil
    }
    return length.map { Array(buffer.prefix($0)) }
  }

  @Test("An Opus packet is one payload, stamped at 48 kHz from the time line's origin")
  func opus() {
    var packetizer = OpusPacketizer(timeOrigin: .seconds(100))
    let packet = EncodedPacket(
      track: .audio(.opus), data: [1, 2, 3], time: .milliseconds(20), duration: .milliseconds(20), isKeyFrame: true)
    let frame = packetizer.packetize(packet)
    #expect(payloads(of: frame) == [[1, 2, 3]])
    #expect(frame.timestamp == 960)
    #expect(frame.captureTime == .seconds(100) + .milliseconds(20))
  }

  @Test("Fragments out of place, unknown structures and cut aggregates are refused or end early")
  func h264Refused() throws {
    #expect(try Self.depacketize([[0x7c, 0x05, 1]]) == nil)
    #expect(try Self.depacketize([[0x7c, 0x85, 1], [0x7c, 0x85, 1]]) == nil)
    #expect(try Self.depacketize([[0x7c, 0x85, 1], [0x41, 1]]) == nil)
    #expect(try Self.depacketize([[0x7c, 0x85, 1]]) == nil)
    #expect(try Self.depacketize([[0x7c, 0x85]]) == nil)
    #expect(try Self.depacketize([[0x7e, 1, 2]]) == nil)
    #expect(try Self.depacketize([[]]) == nil)
    #expect(try Self.depacketize([[0x78, 0, 2, 0x67, 1, 0, 200, 1]]) == [0, 0, 0, 2, 0x67, 1])
    #expect(try Self.depacketize([[0x7c, 0x85, 9], [0x7c, 0x45, 8]]) == [0, 0, 0, 3, 0x65, 9, 8])
  }

  @Test("A decoder configuration cut at any length gives only whole parameter sets")
  func cutConfiguration() {
    for length in 0..<Self.extradata.count {
      let units = H264ParameterSets(extradata: Array(Self.extradata.prefix(length))).units
      #expect(units == (length >= 15 ? [Self.sps] : []))
    }
    #expect(H264ParameterSets(extradata: Self.extradata).units == [Self.sps, Self.pps])
  }
}
