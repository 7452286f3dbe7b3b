/// The picture of one source for one frame of the programme.
public struct LayerPicture: Sendable {
  public enum State: String, Sendable, Codable {
    case live
    /// The source is late: the last picture, dimmed.
    case stale
    /// There is no picture to show.
    case placeholder
  }

  public var source: SourceID
  /// Without a frame the placeholder is drawn, whatever the state.
  public var frame: VideoFrame?
  public var state: State

  public init(source: SourceID, frame: VideoFrame?, state: State = .live) {
    self.source = source
    self.frame = frame
    self.state = state
  }
}
