public import MixCore

/// What one simulcast layer of a received track is like at the moment.
public struct LayerState: Sendable, Equatable {
  public var rid: String
  /// A packet came within the last second.
  public var isActive = false
  /// When the last packet came.
  public var lastPacket = MediaTime.distantPast
  /// Bits per second of payload, over the last second.
  public var bitrate = 0
  /// Of its last key frame; 0 while unknown.
  public var width = 0
  public var height = 0
  /// Over the last second.
  public var framesPerSecond = 0.0

  public init(rid: String) { self.rid = rid }
}

/// Counts what a source sends within the last second, and remembers the size of its pictures.
struct LayerActivity: Sendable {
  private struct Part: Sendable {
    var bytes = 0
    var frames = 0
  }

  private static let part = MediaTime.milliseconds(100)
  private static let window = MediaTime.seconds(1)

  /// The second in tenths, by the number of the tenth.
  private var parts = InlineArray<10, Part>(repeating: Part())
  private var current: Int64 = 0
  private var lastArrival = MediaTime.distantPast
  private var lastTimestamp: UInt32?
  private var size: (width: Int, height: Int) = (0, 0)

  mutating func note(_ packet: AcceptedPacket, payload: UnsafeRawBufferPointer, codec: VideoCodec?) {
    turn(to: packet.arrival)
    let slot = Int(current % 10)
    parts[slot].bytes &+= payload.count
    lastArrival = max(lastArrival, packet.arrival)
    if unsafe !payload.isEmpty, packet.header.timestamp != lastTimestamp {
      // Of reordered packets only the first of a frame counts it.
      if lastTimestamp.map({ packet.header.timestamp.distance(since: $0) > 0 }) ?? true { parts[slot].frames &+= 1 }
      lastTimestamp = packet.header.timestamp
    }
    guard let codec, packet.summary?.mayBeginKeyFrame == true,
      let found = unsafe PictureSize.find(in: payload, headerLength: packet.summary?.headerLength ?? 0, codec: codec)
    else { return }
    size = found
  }

  /// Empties the tenths between the last packet and `now`.
  private mutating func turn(to now: MediaTime) {
    let target = max(now.nanoseconds / Self.part.nanoseconds, current)
    var stale = max(current &+ 1, target &- 9)
    while stale <= target {
      parts[Int(stale % 10)] = Part()
      stale &+= 1
    }
    current = target
  }

  func state(rid: String, now: MediaTime) -> LayerState {
    var counted = self
    counted.turn(to: now)
    var state = LayerState(rid: rid)
    state.isActive = now - lastArrival < Self.window
    state.lastPacket = lastArrival
    for index in 0..<10 {
      state.bitrate &+= counted.parts[index].bytes &* 8
      state.framesPerSecond += Double(counted.parts[index].frames)
    }
    (state.width, state.height) = size
    return state
  }
}
