/// An audio packet that waits, still encoded, for its playout time.
struct PackedAudio: Sendable {
  var payload: [UInt8]
  var sequence: Int64
  /// Position of its first sample on the stream's line.
  var position: Int64
  var samples: Int
  var captureTime: MediaTime
  /// It is the copy that came inside a later packet.
  var isRedundant = false

  var end: Int64 { position &+ Int64(samples) }
}

/// Packets by position; at most two seconds of them.
struct PackedAudioQueue: Sendable {
  enum Outcome {
    case inserted
    case duplicate
  }

  /// Samples from the first packet's start to the last one's end.
  static let capacity: Int64 = 96_000
  private static let maximumCount = 256

  private var packets: [PackedAudio] = []
  /// Packets thrown away because newer ones needed their place.
  private(set) var overflown = 0

  init() { packets.reserveCapacity(Self.maximumCount + 1) }

  var first: PackedAudio? { packets.first }
  var isEmpty: Bool { packets.isEmpty }

  /// Samples in all waiting packets.
  var samples: Int { packets.reduce(0) { $0 + $1.samples } }

  mutating func insert(_ packet: PackedAudio) -> Outcome {
    var index = packets.count
    while index > 0, packets[index - 1].position > packet.position { index -= 1 }
    if index > 0, packets[index - 1].position == packet.position { return .duplicate }
    packets.insert(packet, at: index)
    while let first = packets.first, let last = packets.last,
      packets.count > Self.maximumCount || last.end &- first.position > Self.capacity
    {
      packets.removeFirst()
      overflown += 1
    }
    return .inserted
  }

  /// Puts a packet that came after all in the place of its copy.
  mutating func replaceCopy(_ payload: [UInt8], sequence: Int64, position: Int64) -> Bool {
    guard
      let index = packets.firstIndex(where: { $0.isRedundant && $0.sequence == sequence && $0.position == position })
    else { return false }
    packets[index].payload = payload
    packets[index].isRedundant = false
    return true
  }

  mutating func removeFirst() -> PackedAudio? { packets.isEmpty ? nil : packets.removeFirst() }
}
