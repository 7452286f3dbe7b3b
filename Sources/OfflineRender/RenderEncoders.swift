import MixCore
import Outputs

/// The encoders that one container asks for.
struct RenderEncoders: ~Copyable {
  private var video: VideoEncoder
  private var aac: AACEncoder?
  private var opus: OpusEncoder?
  let format: ProgramFormat

  private init(
    video: consuming VideoEncoder, aac: consuming AACEncoder?, opus: consuming OpusEncoder?, audio: AudioTrackFormat
  ) {
    format = ProgramFormat(video: video.format, audio: audio)
    self.video = video
    self.aac = aac
    self.opus = opus
  }

  static func open(_ request: RenderRequest, container: Container) throws(RenderError) -> RenderEncoders {
    let settings = VideoEncoderSettings(
      width: request.size.width, height: request.size.height, frameRate: request.frameRate,
      bitrate: request.videoBitrate, preset: request.preset)
    switch container.audioCodec {
    case .aac:
      do throws(CodecError) {
        let audio = try AACEncoder()
        let format = audio.format
        return RenderEncoders(
          video: try VideoEncoder(codec: container.videoCodec, settings: settings), aac: audio, opus: nil, audio: format
        )
      } catch {
        throw .codec(error)
      }
    case .opus:
      let audio: OpusEncoder
      do throws(OpusError) { audio = try OpusEncoder() } catch { throw .opus(error) }
      let format = audio.format
      do throws(CodecError) {
        let video = try VideoEncoder(codec: container.videoCodec, settings: settings)
        return RenderEncoders(video: video, aac: nil, opus: audio, audio: format)
      } catch {
        throw .codec(error)
      }
    }
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
