import MixCore

/// What decides about forwarding one video packet, and what is changed in it on the way.
struct StagePacket: Sendable, Equatable {
  /// Simulcast layer; 0 without simulcast.
  var layer: Int
  var ssrc: UInt32
  var sequence: UInt16
  var timestamp: UInt32
  /// The first packet of a picture that needs no other, or of the parameter sets in front of it.
  var isKeyFrameStart = false
  /// Came before, and comes again for those who wait for the key frame it is of, or behind.
  var isRepeated = false
  /// Carries nothing, and only keeps its number's place.
  var isPadding = false
  /// Of VP8; `nil` where the sender does not say.
  var temporalLayer: UInt8?
  /// The frame refers to the base layer only.
  var isLayerSync = false
  var pictureID: UInt16?
  var baseLayerIndex: UInt8?
}

/// What one receiver is to get of one source.
struct StageTarget: Sendable, Equatable {
  /// Simulcast layer; `nil` pauses the video.
  var layer: Int?
  /// Frames of higher temporal layers are left out.
  var temporalLayers = StageTarget.allTemporalLayers

  /// VP8 has two bits for them.
  static let allTemporalLayers: UInt8 = 4

  static let paused = StageTarget(layer: nil)
}
