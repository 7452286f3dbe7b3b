/// Sizes and times of a room's rules.
public struct RoomLimits: Sendable, Equatable {
  /// People on stage, the host's place included.
  public var stage = 16
  public var pendingApplications = 100
  public var pendingInvitations = 32
  /// Seconds a request waits for its answer.
  public var requestTimeout = 60.0
  /// Seconds an accepted user has to start publishing, and to come back after his connection was lost.
  public var seatReservation = 30.0
  /// Answered requests that are remembered, so that a late answer is told apart from a wrong one.
  public var closedRequests = 128
  public var chatHistory = 50
  /// Seconds between two messages of the viewer count.
  public var viewerCountInterval = 1.0

  public init() {}
}
