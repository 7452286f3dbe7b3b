import MixCore
import Outputs

/// The encoders that one container asks for.
struct RenderEncoders: ~Copyable {
  private var video: VideoEncoder
  private var aac: AACEncoder?
  private var opus: OpusEncoder?
  let format: ProgramFormat

  init(_ request: RenderRequest, container: Container) throws(RenderError) {
    let settings = VideoEncoderSettings(
      width: request.size.width, height: request.size.height, frameRate: request.frameRate,
      bitrate: request.videoBitrate, preset: request.preset)
    let audioFormat: AudioTrackFormat
    do throws(CodecError) {
      video = try VideoEncoder(codec: container.videoCodec, settings: settings)
      if container.audioCodec == .aac { aac = try AACEncoder() }
    } catch {
      throw .codec(error)
    }
    do throws(OpusError) {
      if container.audioCodec == .opus { opus = try OpusEncoder() }
    } catch {
      throw .opus(error)
    }
    if aac != nil { audioFormat = aac!.format } else { audioFormat = opus!.format }
    format = ProgramFormat(video: video.format, audio: audioFormat)
  }

  mutating func encode(_ frame: VideoFrame, time: MediaTime, ledgerID: UInt64) throws(RenderError) -> EncodedPacket? {
    do throws(CodecError) {
      return try video.encode(frame, time: time, forceKeyFrame: false, ledgerID: ledgerID)
    } catch {
      throw .codec(error)
    }
  }

  mutating func encode(_ block: AudioBlock, time: MediaTime) throws(RenderError) -> EncodedPacket? {
    do throws(CodecError) {
      if aac != nil { return try aac!.encode(block, time: time) }
    } catch {
      throw .codec(error)
    }
    do throws(OpusError) { return try opus?.encode(block, time: time) } catch { throw .opus(error) }
  }

  mutating func flush() -> [EncodedPacket] {
    if aac != nil { return aac!.flush() }
    return []
  }
}
