public import MixCore

/// A recorded VP8 track that a publisher repeats for ever; its first frame is a key frame.
public struct RecordedVideo: Sendable {
  public let size: PixelSize
  public let frameRate: Int
  let frames: [EncodedPacket]

  /// Reads an IVF file: a header of 32 bytes, then frames behind 12 bytes each (length, time stamp), all little-endian.
  public init?(ivf bytes: [UInt8]) {
    guard bytes.count > 32, bytes.prefix(4).elementsEqual("DKIF".utf8), bytes[8..<12].elementsEqual("VP80".utf8)
    else { return nil }
    size = PixelSize(width: Self.number(bytes[12..<14]), height: Self.number(bytes[14..<16]))
    let ticksPerSecond = Double(Self.number(bytes[16..<20])) / Double(max(1, Self.number(bytes[20..<24])))
    var frames: [EncodedPacket] = []
    var lastTick = 0
    var rest = bytes.dropFirst(Self.number(bytes[6..<8]))
    while rest.count >= 12 {
      let length = Self.number(rest.prefix(4))
      lastTick = Self.number(rest.dropFirst(4).prefix(4))
      let data = [UInt8](rest.dropFirst(12).prefix(length))
      guard length > 0, data.count == length else { break }
      frames.append(
        EncodedPacket(
          // RFC 6386 §9.1: the lowest bit of a frame is 0 for a key frame.
          track: .video(.vp8), data: data, time: .zero, duration: .zero, isKeyFrame: data[0] & 1 == 0))
      rest = rest.dropFirst(12 + length)
    }
    guard frames.first?.isKeyFrame == true, lastTick > 0 else { return nil }
    // The header's own rate is that of the time stamps, often milliseconds.
    frameRate = Int((Double(frames.count - 1) * ticksPerSecond / Double(lastTick)).rounded())
    guard (1...120).contains(frameRate) else { return nil }
    self.frames = frames
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

/// The same picture recorded in several sizes; the one in use follows what is wanted, with its key frame.
struct RecordedVideoFeed: Sendable {
  private let variants: [RecordedVideo]
  private var current: Int
  private var position = 0

  /// - Parameter variants: at least one; all of one frame rate.
  init?(_ variants: [RecordedVideo]) {
    self.variants = variants.sorted { $0.size.height < $1.size.height }
    guard let largest = variants.indices.last else { return nil }
    current = largest
  }

  var frameRate: Int { variants[current].frameRate }

  /// - Parameter height: of the rectangle that shows it; the smallest recording that fills it is sent.
  mutating func next(at time: MediaTime, forceKeyFrame: Bool, height: Int?) -> EncodedPacket {
    let wanted = height.flatMap { height in variants.firstIndex { $0.size.height >= height } } ?? variants.count - 1
    if forceKeyFrame || wanted != current { position = 0 }
    current = wanted
    var packet = variants[current].frames[position]
    packet.time = time
    position = (position + 1) % variants[current].frames.count
    return packet
  }
}
