public import MixCore

/// What waits for one output. Bounded by time and bytes: a slow destination loses pictures up to the next key frame,
/// and sound only when there is more of it than the bound.
public struct PacketQueue: Sendable {
  private struct Entry {
    var packet: EncodedPacket
    /// Order of arrival over both tracks.
    var order: UInt64
  }

  private var video: [Entry] = []
  private var audio: [Entry] = []
  private var arrivals: UInt64 = 0
  private var byteCount = 0
  private let longest: MediaTime
  private let largest: Int
  /// Neither pictures that lean on one that is missing nor sound before the first picture are of use.
  private var hasStarted = false
  /// Packets that were taken in and thrown away, or not taken in.
  public private(set) var dropped = 0
  /// Something was thrown away since the beginning, because too much waited.
  public private(set) var hasOverflowed = false
  /// Pictures are thrown away until a key frame comes.
  public private(set) var awaitsKeyFrame = true

  public init(longest: MediaTime = .seconds(2), largest: Int = 16 << 20) {
    self.longest = longest
    self.largest = largest
  }

  public var isEmpty: Bool { video.isEmpty && audio.isEmpty }
  public var count: Int { video.count + audio.count }

  public mutating func push(_ packet: EncodedPacket) {
    if packet.isVideo && packet.isKeyFrame {
      awaitsKeyFrame = false
      hasStarted = true
    }
    guard hasStarted, !packet.isVideo || !awaitsKeyFrame else {
      dropped += 1
      return
    }
    arrivals += 1
    byteCount += packet.data.count
    let entry = Entry(packet: packet, order: arrivals)
    if packet.isVideo { video.append(entry) } else { audio.append(entry) }
    shorten()
  }

  /// The packet that arrived first.
  public mutating func pop() -> EncodedPacket? {
    let videoOrder = video.first?.order ?? .max
    let audioOrder = audio.first?.order ?? .max
    guard videoOrder != audioOrder else { return nil }
    let packet = videoOrder < audioOrder ? video.removeFirst().packet : audio.removeFirst().packet
    byteCount -= packet.data.count
    return packet
  }

  /// Forgets everything; what is given out next is a key frame. For a destination that starts anew.
  public mutating func restart() {
    dropped += count
    video.removeAll()
    audio.removeAll()
    byteCount = 0
    awaitsKeyFrame = true
    hasStarted = false
  }

  private mutating func shorten() {
    if span(of: video) > longest { dropOldestPictures() }
    while span(of: audio) > longest { dropOldestSound() }
    while byteCount > largest, !isEmpty {
      if video.isEmpty { dropOldestSound() } else { dropOldestPictures() }
    }
  }

  private func span(of entries: [Entry]) -> MediaTime {
    guard let first = entries.first?.packet, let last = entries.last?.packet else { return .zero }
    return last.time + last.duration - first.time
  }

  /// Drops up to the next key frame, or all pictures when none is there.
  private mutating func dropOldestPictures() {
    hasOverflowed = true
    let next = video.dropFirst().firstIndex { $0.packet.isKeyFrame }
    awaitsKeyFrame = next == nil
    let dropCount = next ?? video.endIndex
    byteCount -= video[..<dropCount].reduce(0) { $0 + $1.packet.data.count }
    video.removeFirst(dropCount)
    dropped += dropCount
  }

  private mutating func dropOldestSound() {
    hasOverflowed = true
    byteCount -= audio.removeFirst().packet.data.count
    dropped += 1
  }
}
