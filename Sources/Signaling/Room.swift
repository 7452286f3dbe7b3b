/// The rules of one live show: who may do what, who is on stage, who waits for an answer.
///
/// A value without clock, randomness or effects: each operation takes the acting person and the time, refuses with a
/// `SignalingError` or changes the value and returns what has to be done outside.
public struct Room: Sendable, Equatable {
  public enum Status: String, Sendable, Codable { case waiting, live, ended }
  public enum EndReason: String, Sendable, Codable {
    case host
    /// The host stayed away too long.
    case abandoned
    case `operator`
  }

  public let id: String
  public internal(set) var host: Person
  public let limits: RoomLimits
  public internal(set) var info: RoomInfo
  public internal(set) var settings: RoomSettings
  public internal(set) var status = Status.waiting
  /// When the room was live for the first time.
  public internal(set) var started: Instant?
  public internal(set) var ended: Instant?
  public internal(set) var endReason: EndReason?
  /// Ended by an operator who wants no more of it.
  public internal(set) var isClosedForGood = false
  public internal(set) var admins: [Person] = []
  /// The host first while he publishes, then co-hosts in the order of their acceptance.
  public internal(set) var seats: [Seat] = []
  public internal(set) var lockedSeats: Set<Int> = []
  /// Pending requests, oldest first.
  public internal(set) var pending: [StageRequest] = []
  /// The link with other rooms this one is in.
  public internal(set) var link: String?
  public internal(set) var chat: ChatRoom
  /// New notices of the room, which the chat tells beside what people say.
  var noticeRate: TokenBucket

  var requestCount = 0
  /// The place in the queue that each applicant was told last.
  var toldPlaces: [String: Int] = [:]
  var queuePace: NewsPace
  var closed: [StageRequest] = []
  /// When somebody may apply again.
  var coolDowns = CoolDowns()
  /// The same of those who were removed from the stage.
  var removals = CoolDowns()
  /// Applications that were rejected.
  var refusals = Refusals<String>(capacity: 4096)
  /// What holds for who has left the stage when he comes back to it.
  var heldRestraints = HeldRestraints()
  /// Events sockets by user.
  var audience: [String: Int] = [:]
  /// Streams of the programme by who watches them.
  var watchers: [String: Int] = [:]
  /// Until when applicants who left the room may come back without losing their application.
  var absences: [String: Instant] = [:]
  var announcedViewers = 0
  /// The most viewers that were counted at once.
  public internal(set) var peakViewers = 0
  var nextViewerCount: Instant?
  /// When the host of a room that was live was last heard; `nil` while he is, and before the first time.
  var hostSilence: Instant?
  /// When it was made, or opened again.
  var made: Instant
  /// Since when the host has neither a socket nor a seat.
  var unusedSince: Instant?

  public init(
    id: String, host: Person, info: RoomInfo, settings: RoomSettings = RoomSettings(),
    limits: RoomLimits = RoomLimits(),
    at now: Instant
  ) {
    self.id = id
    self.host = host
    self.info = info
    self.settings = settings
    self.limits = limits
    made = now
    chat = ChatRoom(limits: limits.chat)
    noticeRate = TokenBucket(burst: limits.noticeBurst, interval: limits.noticeInterval)
    queuePace = NewsPace(interval: limits.queueInterval)
    chat.set(ChatRules(settings))
    unusedSince = now
  }

  public var participants: [Seat] { seats.filter(\.isParticipant) }

  /// Nothing would be lost if it were forgotten now, but what its memory holds.
  public var isAtRest: Bool { seats.isEmpty && pending.isEmpty && audience.isEmpty && hostSilence == nil }

  public func seat(of user: String) -> Seat? { seats.first { $0.user.id == user } }
}
