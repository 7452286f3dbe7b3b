/// How long the present gap has been concealed, and how loud the concealment still may be.
struct Concealment: Sendable {
  /// Samples made up since the last real one.
  private(set) var length = 0
  /// Those of them during which the playout position stood still, because the missing packet might yet come.
  var held = 0
  /// The sender said that it pauses (discontinuous transmission).
  var isPause = false
  /// The decoder's comfort noise may still be played.
  var isComfort = false

  /// 80 ms at full level, then 120 ms down to nothing.
  private static let full = 3_840
  private static let end = 9_600
  /// Comfort noise stops after a second without any packet.
  private static let comfortEnd = 48_000

  var isOver: Bool { length >= Self.end }
  var isActive: Bool { length > 0 }
  var comfortIsOver: Bool { length >= Self.comfortEnd }

  /// The gain now.
  var gain: Float {
    length <= Self.full ? 1 : max(0, Float(Self.end - length) / Float(Self.end - Self.full))
  }

  mutating func grow(by samples: Int) { length += samples }

  mutating func reset() { self = Concealment() }
}
