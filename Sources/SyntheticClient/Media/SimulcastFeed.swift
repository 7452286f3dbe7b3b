import MixCore
import Transport

/// One simulcast layer of a participant: the same picture, smaller.
final class SimulcastFeed {
  let name: String
  private var video: VideoFeed
  private var packetizer = VP8Packetizer()
  private var isKeyFrameWanted = true

  init(
    _ layer: SyntheticPublisher.SimulcastLayer, of configuration: SyntheticPublisher.Configuration
  ) throws(CodecError) {
    var smaller = configuration
    smaller.width = configuration.width / layer.scaledDownBy
    smaller.height = configuration.height / layer.scaledDownBy
    smaller.bitrate = layer.bitrate
    name = layer.name
    video = try VideoFeed(smaller)
  }

  func wantKeyFrame() { isKeyFrameWanted = true }

  /// The next picture, ready to be sent, with its size in bytes.
  func next(number: Int, time: MediaTime) throws(CodecError) -> (frame: PacketizedFrame, packet: EncodedPacket)? {
    guard let packet = try video.next(number: number, time: time, forceKeyFrame: isKeyFrameWanted) else { return nil }
    isKeyFrameWanted = isKeyFrameWanted && !packet.isKeyFrame
    return (packetizer.packetize(packet), packet)
  }
}
