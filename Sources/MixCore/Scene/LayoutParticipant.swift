/// What a layout must know of somebody on stage.
public struct LayoutParticipant: Sendable, Equatable {
  public var id: SourceID
  public var isHost: Bool
  /// Without video a placeholder is shown in the same place.
  public var hasVideo: Bool

  public init(id: SourceID, isHost: Bool, hasVideo: Bool) {
    self.id = id
    self.isHost = isHost
    self.hasVideo = hasVideo
  }
}
