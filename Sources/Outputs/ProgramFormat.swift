public import MixCore

/// What a destination is told of the programme before the first packet.
public struct ProgramFormat: Sendable, Equatable {
  public var video: VideoTrackFormat
  public var audio: AudioTrackFormat

  public init(video: VideoTrackFormat, audio: AudioTrackFormat) {
    self.video = video
    self.audio = audio
  }
}
