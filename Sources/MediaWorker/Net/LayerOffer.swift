import MixCore

/// What is known of one simulcast layer, or of the only stream, when somebody chooses among them.
struct LayerOffer: Sendable, Equatable {
  var layer: Int
  /// 0 × 0 before its first key frame.
  var size: PixelSize
  /// Bits per second at the moment.
  var bitrate: Int
  /// Packets came within the last second.
  var isActive: Bool
  var lastPacket: MediaTime

  /// Worst first; what a key frame has not told yet is guessed from the bitrate.
  static func ascending(_ left: LayerOffer, _ right: LayerOffer) -> Bool {
    (left.size.height, left.bitrate) < (right.size.height, right.bitrate)
  }
}
