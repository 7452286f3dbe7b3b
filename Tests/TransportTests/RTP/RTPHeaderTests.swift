import MixCore
import Testing

@testable import Transport

@Suite("RTP header")
struct RTPHeaderTests {
  static let map: HeaderExtensionMap = {
    var map = HeaderExtensionMap()
    for (id, kind) in HeaderExtension.allCases.enumerated() { map[kind] = UInt8(id + 1) }
    return map
  }()

  static func parse(_ bytes: [UInt8], _ map: HeaderExtensionMap = map) -> RTPHeader? {
    unsafe bytes.withUnsafeBytes { unsafe RTPHeader(parsing: $0, extensions: map) }
  }

  static func write(_ header: RTPHeader, _ map: HeaderExtensionMap = map, payload: [UInt8] = []) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: 1500)
    let length = unsafe bytes.withUnsafeMutableBytes { buffer in
      var writer = unsafe ByteWriter(buffer)
      header.write(into: &writer, extensions: map)
      for byte in payload { writer.uint8(byte) }
      return writer.finished
    }
    return Array(bytes.prefix(length))
  }

  static var full: RTPHeader {
    var header = RTPHeader(marker: true, payloadType: 111, sequence: 65_535, timestamp: 0xffff_fff0, ssrc: 0xdead_beef)
    header.extensions.mid = ExtensionToken("0")
    header.extensions.rid = ExtensionToken("high")
    header.extensions.absoluteSendTime = 0x12_3456
    header.extensions.transportSequence = 0xabcd
    header.extensions.audioLevel = 42
    header.extensions.isVoice = true
    header.extensions.absoluteCaptureTime = NTPTimestamp(rawValue: 0x0102_0304_0506_0708)
    return header
  }

  @Test("A plain header is read field by field")
  func plain() throws {
    let header = try #require(
      Self.parse([0x80, 0xe0, 0x12, 0x34, 0, 0, 0, 1, 0xca, 0xfe, 0xba, 0xbe, 7, 8, 9]))
    #expect(header.marker)
    #expect(header.payloadType == 96)
    #expect(header.sequence == 0x1234)
    #expect(header.timestamp == 1)
    #expect(header.ssrc == 0xcafe_babe)
    #expect(header.payloadOffset == 12)
    #expect(header.payloadLength == 3)
  }

  @Test("CSRCs, extension and padding are not payload")
  func everythingBetween() throws {
    let csrcs = [UInt8](repeating: 1, count: 8)
    let extensions: [UInt8] = [0xbe, 0xde, 0, 1, 0x10, 0x61, 0, 0]
    let packet: [UInt8] = [0xb2, 0x60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1] + csrcs + extensions + [5, 6, 0, 0, 3]
    let header = try #require(Self.parse(packet))
    #expect(header.payloadOffset == 28)
    #expect(header.payloadLength == 2)
    #expect(header.extensions.mid == ExtensionToken("a"))
  }

  @Test("One-byte and two-byte extensions survive writing and reading", arguments: [false, true])
  func roundTrip(twoByte: Bool) throws {
    var map = Self.map
    if twoByte { map[.absoluteCaptureTime] = 200 }
    let bytes = Self.write(Self.full, map, payload: [1, 2, 3])
    #expect(bytes[12] == (twoByte ? 0x10 : 0xbe))
    var header = try #require(Self.parse(bytes, map))
    #expect(header.payloadLength == 3)
    (header.payloadOffset, header.payloadLength) = (RTPHeader.fixedLength, 0)
    #expect(header == Self.full)
  }

  @Test("Nothing negotiated writes no extension block")
  func noExtensions() {
    let bytes = Self.write(Self.full, HeaderExtensionMap())
    #expect(bytes.count == 12)
    #expect(bytes[0] == 0x80)
  }

  @Test("A packet cut at any length is refused or shortened, never misread")
  func truncation() {
    let whole = Self.write(Self.full, payload: [])
    for length in 0..<whole.count { #expect(Self.parse(Array(whole.prefix(length))) == nil, "\(length)") }
    #expect(Self.parse(whole)?.payloadLength == 0)
  }

  @Test(
    "Wrong versions and impossible padding are refused",
    arguments: [
      [0x00, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], [0x40, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
      [0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9, 2, 4],
      [0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]])
  func refused(bytes: [UInt8]) { #expect(Self.parse(bytes) == nil) }

  @Test("An extension that claims more than its block is passed over")
  func overlongElement() throws {
    let packet: [UInt8] = [0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 0x1f, 1, 2, 3]
    let header = try #require(Self.parse(packet))
    #expect(header.extensions.mid == nil)
  }

  @Test("The writer reports a buffer that is too small instead of writing past it")
  func overflow() {
    for size in 0..<30 {
      var bytes = [UInt8](repeating: 0, count: size)
      let length = unsafe bytes.withUnsafeMutableBytes { buffer in
        var writer = unsafe ByteWriter(buffer)
        Self.full.write(into: &writer, extensions: Self.map)
        return writer.finished
      }
      #expect(length == 0)
    }
  }
}
