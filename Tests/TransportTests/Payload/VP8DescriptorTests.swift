import Testing

@testable import Transport

@Suite("VP8 payload descriptor")
struct VP8DescriptorTests {
  static func parse(_ bytes: [UInt8]) -> VP8Descriptor? {
    unsafe bytes.withUnsafeBytes { unsafe VP8Descriptor(parsing: $0) }
  }

  @Test(
    "Descriptors are as long as their flags say",
    arguments: [
      ([0x10], 1, nil), ([0x80, 0x00], 2, nil), ([0x90, 0x80, 0x11], 3, 0x11), ([0x90, 0x80, 0x81, 0x02], 4, 0x102),
      ([0x90, 0xe0, 0x9a, 0x2b, 0x05, 0x60], 6, 0x1a2b), ([0x90, 0xf0, 0x9a, 0x2b, 0x05, 0xbf], 6, 0x1a2b),
      ([0x90, 0x10, 0x1f], 3, nil),
    ] as [([UInt8], Int, UInt16?)])
  func lengths(bytes: [UInt8], length: Int, pictureID: UInt16?) throws {
    let descriptor = try #require(Self.parse(bytes + [0xff]))
    #expect(descriptor.length == length)
    #expect(descriptor.pictureID == pictureID)
    for cut in 0..<length { #expect(Self.parse(Array(bytes.prefix(cut))) == nil) }
  }

  @Test("All fields of a full descriptor are read")
  func fields() throws {
    let descriptor = try #require(Self.parse([0xb0, 0xf0, 0x9a, 0x2b, 0x05, 0xbf]))
    #expect(descriptor.isNonReference && descriptor.startsFrame)
    #expect(descriptor.baseLayerIndex == 5)
    #expect(descriptor.temporalLayer == 2)
    #expect(descriptor.isLayerSync)
    #expect(descriptor.keyIndex == 31)
  }

  @Test("The next picture number follows over both wraps")
  func wraps() throws {
    let long = try #require(Self.parse([0x90, 0x80, 0xff, 0xff]))
    let longNext = try #require(Self.parse([0x90, 0x80, 0x80, 0x00]))
    let short = try #require(Self.parse([0x90, 0x80, 0x7f]))
    let shortNext = try #require(Self.parse([0x90, 0x80, 0x00]))
    #expect(long.isFollowed(by: longNext))
    #expect(short.isFollowed(by: shortNext))
    #expect(!long.isFollowed(by: shortNext))
    #expect(!longNext.isFollowed(by: long))
  }

  @Test("Losing higher temporal layers does not matter to the base layer, losing the base layer does")
  func temporalLayers() throws {
    func descriptor(base: UInt8, layer: UInt8, sync: Bool = false) throws -> VP8Descriptor {
      try #require(Self.parse([0x90, 0xe0, 0x80, 0x01, base, layer << 6 | (sync ? 0x20 : 0)]))
    }
    let last = try descriptor(base: 255, layer: 0)
    #expect(last.bridgesLoss(to: try descriptor(base: 0, layer: 0)))
    #expect(!last.bridgesLoss(to: try descriptor(base: 1, layer: 0)))
    #expect(last.bridgesLoss(to: try descriptor(base: 255, layer: 1, sync: true)))
    #expect(!last.bridgesLoss(to: try descriptor(base: 255, layer: 1)))
    #expect(!last.bridgesLoss(to: try descriptor(base: 0, layer: 1, sync: true)))
  }
}
