import MixCore
import Transport

extension NetSession {
  /// What is known of the layers of the video that is received here.
  func layerOffers() -> [LayerOffer] {
    guard let video else { return [] }
    return rtc.layerStates(media: video).enumerated().map { index, state in
      LayerOffer(
        layer: index, size: PixelSize(width: state.width, height: state.height), bitrate: state.bitrate,
        isActive: state.isActive, lastPacket: state.lastPacket)
    }
  }
}

extension StageForwarder {
  /// The packet with the numbers it gets for its receiver; `nil` if he does not get it.
  mutating func pass(_ packet: ForwardQueue.Packet) -> ForwardQueue.Packet? {
    guard let passed = pass(StagePacket(packet)) else { return nil }
    var packet = packet
    packet.sequence = passed.sequence
    packet.isRepeated = passed.isRepeated
    packet.vp8?.pictureID = passed.pictureID
    packet.vp8?.baseLayerIndex = passed.baseLayerIndex
    if passed.isPadding { packet.payloadLength = 0 }
    return packet
  }
}

extension StageSound {
  /// As above.
  mutating func pass(_ packet: ForwardQueue.Packet, isMuted: Bool) -> ForwardQueue.Packet? {
    guard let sequence = pass(packet.sequence, ssrc: packet.ssrc, isMuted: isMuted) else { return nil }
    var packet = packet
    packet.sequence = sequence
    return packet
  }
}

extension StagePacket {
  init(_ packet: ForwardQueue.Packet) {
    self.init(
      layer: packet.layer, ssrc: packet.ssrc, sequence: packet.sequence, timestamp: packet.timestamp,
      isKeyFrameStart: packet.isKeyFrameStart, isRepeated: packet.isRepeated, isPadding: packet.payloadLength == 0,
      temporalLayer: packet.vp8?.temporalLayer, isLayerSync: packet.vp8?.isLayerSync ?? false,
      pictureID: packet.vp8?.pictureID, baseLayerIndex: packet.vp8?.baseLayerIndex)
  }
}
