/// Sizes and times of the rules of links.
public struct LinkLimits: Sendable, Equatable {
  public var rooms = 4
  /// Seconds a room has to answer.
  public var requestTimeout = 10.0
  /// Seconds between two requests of the same room.
  public var requestPause = 3.0
  /// Seconds a room waits before it asks the same one again, after the first request that came to nothing, the second
  /// and so on; the last of them for all further ones.
  public var refusalPauses = [3.0, 10, 30, 60]
  /// Seconds after which such requests are forgotten.
  public var refusalMemory = 600.0
  /// Seconds a link waits for a host whose connection is silent or over.
  public var hostAbsence = 30.0
  /// Seconds a battle may take.
  public var battle = 30.0...600.0
  /// Seconds the result stands before a battle is over.
  public var punishment = 0.0
  /// Seconds between two messages of the scores.
  public var scoreInterval = 1.0
  /// Ended links that are remembered, so that a late answer is told apart from a wrong one.
  public var closedLinks = 256

  public init() {}
}
