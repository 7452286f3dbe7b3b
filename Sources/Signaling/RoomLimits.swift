/// Sizes and times of a room's rules.
public struct RoomLimits: Sendable, Equatable {
  /// People on stage, the host's place included.
  public var stage = 16
  public var pendingApplications = 100
  public var pendingInvitations = 32
  /// Seconds a request waits for its answer.
  public var requestTimeout = 60.0
  /// Seconds an accepted user has to start publishing.
  public var seatReservation = 30.0
  /// Seconds somebody who was live keeps his seat once his connection is silent or over. Silence is noticed after 5 s,
  /// so he is gone 34 s after his last sign of life: 30 s of consent to send (RFC 7675) and a little more.
  public var reconnection = 29.0
  /// Answered requests that are remembered, so that a late answer is told apart from a wrong one.
  public var closedRequests = 128
  public var chatHistory = 50
  /// Seconds between two messages of the viewer count.
  public var viewerCountInterval = 1.0

  public init() {}
}
