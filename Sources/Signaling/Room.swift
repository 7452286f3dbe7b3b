/// The rules of one live show: who may do what, who is on stage, who waits for an answer.
///
/// A value without clock, randomness or effects: each operation takes the acting person and the time, refuses with a
/// `SignalingError` or changes the value and returns what has to be done outside.
public struct Room: Sendable, Equatable {
  public enum Status: String, Sendable, Codable { case waiting, live, ended }

  public let id: String
  public let host: Person
  public let limits: RoomLimits
  public internal(set) var title: String
  public internal(set) var layout: String
  public internal(set) var status: Status = .waiting
  /// The host first while he publishes, then co-hosts in the order of their acceptance.
  public internal(set) var seats: [Seat] = []
  /// Pending requests, oldest first.
  public internal(set) var pending: [StageRequest] = []
  /// The last messages, oldest first.
  public internal(set) var chatHistory: [ChatMessage] = []

  var closed: [StageRequest] = []
  var audience: [String: Int] = [:]
  var announcedViewers = 0
  var nextViewerCount: Instant?
  var applyRate = TokenBuckets(burst: 3, interval: 3)
  var chatRate = TokenBuckets(burst: 3, interval: 1)
  var roomChatRate = TokenBucket(burst: 40, interval: 1.0 / 40)

  public init(id: String, host: Person, title: String, layout: String, limits: RoomLimits = RoomLimits()) {
    self.id = id
    self.host = host
    self.title = title
    self.layout = layout
    self.limits = limits
  }

  public var participants: [Seat] { seats.filter(\.isParticipant) }

  public func seat(of user: String) -> Seat? { seats.first { $0.user.id == user } }

  public func role(of user: String) -> RoomRole {
    if user == host.id { return .host }
    return seat(of: user) == nil ? .viewer : .cohost
  }

  /// A pending or recently closed request.
  public func request(_ id: String) -> StageRequest? {
    pending.first { $0.id == id } ?? closed.first { $0.id == id }
  }

  /// A new title or layout by the host.
  public mutating func update(
    title: String?, layout: String?, by actor: Person
  ) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    try requireHost(actor)
    let title = try title.map { text throws(SignalingError) in try DisplayText.title(text) } ?? self.title
    let layout = layout ?? self.layout
    guard title != self.title || layout != self.layout else { return [] }
    self.title = title
    self.layout = layout
    return [.persist, .tell(.everyone, .roomUpdated)]
  }

  /// The host ends the show for everybody.
  public mutating func end(by actor: Person) throws(SignalingError) -> [RoomAction] {
    try requireOpen()
    try requireHost(actor)
    status = .ended
    var actions = pending.indices.map { close(at: $0, as: .cancelled) }
    pending.removeAll()
    for seat in participants { actions.append(.tell(.everyone, .participantLeft(seat.user, .ended))) }
    seats.removeAll()
    actions += [.persist, .tell(.everyone, .roomEnded), .closeRoom]
    return actions
  }

  func requireOpen() throws(SignalingError) {
    if status == .ended { throw .roomEnded }
  }

  func requireHost(_ actor: Person) throws(SignalingError) {
    if actor.id != host.id { throw .forbidden }
  }

  func seatIndex(of user: String) -> Int? { seats.firstIndex { $0.user.id == user } }
}
