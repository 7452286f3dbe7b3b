/// What a VP8 payload descriptor says of the place of its frame in the stream (RFC 7741 §4.2); `nil` is absent.
public struct VP8Numbers: Sendable, Equatable {
  public var pictureID: UInt16?
  public var baseLayerIndex: UInt8?
  public var keyIndex: UInt8?
  public var temporalLayer: UInt8?
  /// The frame refers to nothing but the base layer.
  public var isLayerSync: Bool

  init(_ descriptor: VP8Descriptor) {
    pictureID = descriptor.pictureID
    baseLayerIndex = descriptor.baseLayerIndex
    keyIndex = descriptor.keyIndex
    temporalLayer = descriptor.temporalLayer
    isLayerSync = descriptor.isLayerSync
  }

  /// Puts the counters in the place of those in `payload`, which has the same ones.
  func write(into payload: UnsafeMutableRawBufferPointer) {
    // Flags of the first byte, then of the extension, as `VP8Descriptor` reads them.
    guard payload.count > 2, unsafe payload[0] & 0x80 != 0 else { return }
    let flags = unsafe payload[1]
    var place = 2
    if flags & 0x80 != 0, let pictureID {
      if unsafe payload[place] & 0x80 != 0 {
        guard place &+ 1 < payload.count else { return }
        unsafe payload[place] = 0x80 | UInt8(truncatingIfNeeded: pictureID >> 8 & 0x7f)
        unsafe payload[place &+ 1] = UInt8(truncatingIfNeeded: pictureID)
        place &+= 1
      } else {
        unsafe payload[place] = UInt8(truncatingIfNeeded: pictureID & 0x7f)
      }
      place &+= 1
    }
    if flags & 0x40 != 0, let baseLayerIndex {
      guard place < payload.count else { return }
      unsafe payload[place] = baseLayerIndex
      place &+= 1
    }
    if flags & 0x10 != 0, let keyIndex {
      guard place < payload.count else { return }
      unsafe payload[place] = payload[place] & 0xe0 | keyIndex & 0x1f
    }
  }
}

/// Continues VP8's counters over a change of the source, so that a decoder sees one stream.
struct VP8Continuation: Sendable {
  private var pictureOffset: UInt16 = 0
  private var baseLayerOffset: UInt8 = 0
  private var keyOffset: UInt8 = 0
  private var newest: VP8Numbers?

  /// Another source begins with a packet of these numbers.
  mutating func startSource(_ numbers: VP8Numbers) {
    guard let newest else { return }
    if let last = newest.pictureID, let first = numbers.pictureID { pictureOffset = last &+ 1 &- first }
    if let last = newest.baseLayerIndex, let first = numbers.baseLayerIndex { baseLayerOffset = last &+ 1 &- first }
    if let last = newest.keyIndex, let first = numbers.keyIndex { keyOffset = last &+ 1 &- first }
  }

  /// The numbers as the viewer sees them; those of the newest packet are continued by the next source.
  mutating func map(_ numbers: VP8Numbers, isNewest: Bool) -> VP8Numbers {
    var mapped = numbers
    mapped.pictureID = numbers.pictureID.map { ($0 &+ pictureOffset) & 0x7fff }
    mapped.baseLayerIndex = numbers.baseLayerIndex.map { $0 &+ baseLayerOffset }
    mapped.keyIndex = numbers.keyIndex.map { ($0 &+ keyOffset) & 0x1f }
    if isNewest || newest == nil { newest = mapped }
    return mapped
  }
}
