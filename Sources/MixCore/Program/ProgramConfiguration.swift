/// What is fixed for the life of a programme.
public struct ProgramConfiguration: Sendable, Equatable {
  public enum Timing: Sendable, Equatable {
    /// Sources may stop sending at any time: their pictures age, dim and give way to a placeholder.
    case live
    /// Sources are files on a virtual clock: a picture holds until the next one.
    case offline
  }

  public var canvas: PixelSize
  public var frameRate: Int
  public var layout: Layout
  public var timing: Timing

  public init(canvas: PixelSize, frameRate: Int, layout: Layout, timing: Timing) {
    self.canvas = canvas
    self.frameRate = frameRate
    self.layout = layout
    self.timing = timing
  }

  /// Host and co-hosts together.
  public static let maximumParticipants = 16
}

/// How old a picture may get before the audience is told (design: nobody can freeze the programme).
public enum Staleness {
  public static let dimAfter = MediaTime.seconds(1)
  public static let placeholderAfter = MediaTime.seconds(3)
}

/// How long a tile takes to move, appear or disappear.
public enum TransitionTiming {
  public static let duration = MediaTime.milliseconds(300)
}
