public import MixCore

/// Cuts H.264 access units into RTP payloads, packetization-mode 1 (RFC 6184 §5.6–5.8).
public struct H264Packetizer: Sendable {
  /// FU indicator and FU header.
  private static let fragmentHeaderLength = 2

  private let clock: PacketClock
  /// A STAP-A of the parameter sets, sent in front of every IDR picture; empty if there are none.
  private let parameterSets: [UInt8]

  /// `extradata` is the encoder's AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1); `timeOrigin` is where zero
  /// of the packets' time lies on the local clock.
  public init(extradata: [UInt8], timeOrigin: MediaTime = .zero) {
    clock = PacketClock(origin: timeOrigin, rate: 90_000)
    parameterSets = Self.aggregate(H264ParameterSets(extradata: extradata).units)
  }

  private static func aggregate(_ units: [[UInt8]]) -> [UInt8] {
    guard !units.isEmpty else { return [] }
    let importance = units.map { ($0.first ?? 0) & 0x60 }.max() ?? 0
    var bytes = [importance | H264NAL.aggregation]
    for unit in units {
      bytes.append(UInt8(truncatingIfNeeded: unit.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: unit.count))
      bytes += unit
    }
    return bytes.count <= PayloadLimits.maximum ? bytes : []
  }

  public mutating func packetize(_ packet: EncodedPacket) -> PacketizedFrame {
    let room = PayloadLimits.maximum - Self.fragmentHeaderLength
    // A unit's length of 4 bytes makes room for its first two fragment headers of 2.
    let capacity = parameterSets.count + packet.data.count + (packet.data.count / room + 1) * 2
    var packets: [Range<Int>] = []
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
      var writer = unsafe ByteWriter(UnsafeMutableRawBufferPointer(buffer))
      unsafe packet.data.withUnsafeBytes { data in
        unsafe write(data, isKeyFrame: packet.isKeyFrame, into: &writer, packets: &packets)
      }
      used = writer.position
    }
    return clock.frame(of: packet, bytes: bytes, packets: packets)
  }

  private func write(
    _ data: UnsafeRawBufferPointer, isKeyFrame: Bool, into writer: inout ByteWriter, packets: inout [Range<Int>]
  ) {
    let units = unsafe H264Units(data, hasLongLengths: true)
    if isKeyFrame, !parameterSets.isEmpty, !units.contains(where: { $0.type == H264NAL.sequenceParameters }) {
      unsafe parameterSets.withUnsafeBytes { unsafe writer.copy($0) }
      packets.append(0..<writer.position)
    }
    for unit in units where unit.type != H264NAL.accessUnitDelimiter && unit.type != H264NAL.filler {
      if unsafe unit.bytes.count <= PayloadLimits.maximum {
        let start = writer.position
        unsafe writer.copy(unit.bytes)
        packets.append(start..<writer.position)
      } else {
        Self.writeFragments(of: unit, into: &writer, packets: &packets)
      }
    }
  }

  /// FU-A: `|F|NRI| 28 |` `|S|E|R| type |` and a part of the unit behind its header byte.
  private static func writeFragments(
    of unit: H264Unit, into writer: inout ByteWriter, packets: inout [Range<Int>]
  ) {
    let body = unsafe UnsafeRawBufferPointer(rebasing: unit.bytes.dropFirst())
    let room = PayloadLimits.maximum - fragmentHeaderLength
    let count = (body.count + room - 1) / room
    for index in 0..<count {
      let start = writer.position
      let range = (body.count * index / count)..<(body.count * (index + 1) / count)
      writer.uint8(unit.header & H264NAL.importanceMask | H264NAL.fragment)
      writer.uint8((index == 0 ? 0x80 : 0) | (index == count - 1 ? 0x40 : 0) | unit.type)
      unsafe writer.copy(UnsafeRawBufferPointer(rebasing: body[range]))
      packets.append(start..<writer.position)
    }
  }
}

/// The parameter sets of an AVCDecoderConfigurationRecord: SPS, then PPS; none if it is cut short.
struct H264ParameterSets {
  private(set) var units: [[UInt8]] = []

  init(extradata: [UInt8]) {
    unsafe extradata.withUnsafeBytes { bytes in
      var reader = unsafe ByteReader(bytes)
      // Version, profile, compatibility, level, length size.
      guard reader.uint8() == 1, reader.skip(4) else { return }
      for mask: UInt8 in [0x1f, 0xff] {
        guard let count = reader.uint8() else { return }
        for _ in 0..<(count & mask) {
          guard let length = reader.uint16(), let unit = unsafe reader.slice(Int(length)) else { return }
          if unsafe !unit.isEmpty { unsafe units.append(Array(unit)) }
        }
      }
    }
  }
}
