/// Sizes and times of a room's rules that its host does not choose.
public struct RoomLimits: Sendable, Equatable {
  public var pendingApplications = 100
  public var pendingInvitations = 32
  public var admins = 20
  /// Seconds between two applications of one viewer, and from being removed from the stage to the next one.
  public var applicationInterval = 3.0
  public var kickInterval = 60.0
  /// Seconds from a refusal to the next application of the same viewer, after the first one, the second and so on; the
  /// last of them for all further ones.
  public var refusalPauses = [3.0, 10, 30, 60]
  /// Seconds after which his refusals are forgotten.
  public var refusalMemory = 600.0
  /// Seconds between two messages of the places in the queue.
  public var queueInterval = 1.0
  /// Seconds an applicant may be away from the room before his application is taken back.
  public var applicantAbsence = 10.0
  /// Seconds an accepted user has to start publishing.
  public var seatReservation = 30.0
  /// Seconds more until media of his must have come.
  public var firstMedia = 15.0
  /// Seconds somebody who was live keeps his seat once his connection is silent or over. Silence is noticed after 5 s,
  /// so he is gone 34 s after his last sign of life: 30 s of consent to send (RFC 7675) and a little more.
  public var reconnection = 29.0
  /// Seconds without a packet until the media side reports a connection as silent.
  public var silenceNotice = 5.0
  /// Seconds without a packet of the host until a live room waits, and until it ends.
  public var hostSilence = 25.0
  public var hostAbsence = 120.0
  /// Seconds until a room ends whose host has neither a socket nor a seat.
  public var unused = 1800.0
  /// Seconds from its making until a room ends that has never been live, whether its host has a page open or not.
  public var unstarted = 7200.0
  /// Answered requests that are remembered, so that a late answer is told apart from a wrong one.
  public var closedRequests = 128
  public var chat = ChatLimits()
  /// New notices of a room: so many at once, then one every so many seconds.
  public var noticeBurst = 5
  public var noticeInterval = 5.0
  /// Seconds between two messages of the viewer count.
  public var viewerCountInterval = 1.0

  public init() {}
}
