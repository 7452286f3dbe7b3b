public import MixCore

/// Simulcast: a section's layers are numbered as in `NegotiatedMedia.layers`; without simulcast there is layer 0 alone.
extension RTCSession {
  /// Which layer's frames come as `.videoFrame` events. The change is made at the next key frame of the new one, which is
  /// asked for; until then the old one goes on. With `nil` nothing is put together. Layer 0 is selected at first.
  public mutating func selectLayer(media: Int, layer: Int?) {
    plane.selectLayer(media: media, layer: layer, now: clock)
  }

  /// One state per layer.
  public func layerStates(media: Int) -> [LayerState] { plane.layerStates(media: media, now: clock) }

  /// Asks the peer for a key frame of one layer, also if it is not selected.
  public mutating func requestKeyFrame(media: Int, layer: Int, now: MediaTime) {
    clock = max(clock, now)
    plane.requestKeyFrame(media: media, layer: layer, now: now)
  }

  /// Which layers' packets are put into `forwards` while forwarding is on; layer 0 alone at first.
  public mutating func setForwarding(_ layers: Set<Int>, media: Int) { plane.setForwarding(layers, media: media) }
}
