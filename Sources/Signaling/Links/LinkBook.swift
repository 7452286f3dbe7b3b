/// All links of the server. A room is in at most one of them, be it as a member or as one that was asked.
public struct LinkBook: Sendable {
  public let limits: LinkLimits
  /// Pending and active ones.
  public internal(set) var open: [String: Link] = [:]
  private var closed: [Link] = []
  private var linkOfRoom: [String: String] = [:]
  var requestRate: TokenBuckets
  var battleRate: TokenBuckets
  var refused: RefusedRequests

  public init(limits: LinkLimits = LinkLimits()) {
    self.limits = limits
    requestRate = TokenBuckets(burst: 1, interval: limits.requestPause)
    battleRate = TokenBuckets(burst: 1, interval: limits.requestPause)
    refused = RefusedRequests(limits: limits)
  }

  // MARK: Looking in

  /// The open link `room` is a member of, or was asked to join.
  public func link(of room: String) -> Link? { linkOfRoom[room].flatMap { open[$0] } }

  /// The active link `room` is a member of.
  public func activeLink(of room: String) -> Link? {
    link(of: room).flatMap { $0.state == .active && $0.isMember(room) ? $0 : nil }
  }

  /// An open or recently ended link.
  public func link(_ id: String) -> Link? { open[id] ?? closed.last { $0.id == id } }

  /// The same as `room` may see it.
  public func link(_ id: String, for room: String) throws(SignalingError) -> Link {
    guard let link = link(id), link.names(room) || link.former.contains(room) else { throw .linkUnknown }
    return link
  }

  /// Seconds until `room` may ask `target` for a link.
  public func requestPause(of room: String, for target: String, at now: Instant) -> Double {
    max(requestRate.pause(for: room, at: now), refused.pause(of: room, for: target, at: now))
  }

  /// Seconds until `room` may ask for a battle again.
  public func battlePause(of room: String, at now: Instant) -> Double { battleRate.pause(for: room, at: now) }

  // MARK: Keeping the table

  /// Every change of an open link ends here.
  mutating func store(_ link: Link) {
    open[link.id] = link
    for room in link.rooms { linkOfRoom[room.id] = link.id }
  }

  mutating func release(_ room: String) { linkOfRoom[room] = nil }

  /// What was asked came to nothing.
  mutating func release(_ invitation: Link.Invitation, at now: Instant) {
    release(invitation.room.id)
    refused.add(by: invitation.inviter, to: invitation.room.id, at: now)
  }

  /// Ends a link for all its rooms.
  mutating func close(
    _ link: Link, as state: Link.State, _ answer: LinkAnswer? = nil, at now: Instant
  ) -> [LinkAction] {
    let wasActive = link.state == .active
    var link = link
    var actions = voidProposal(of: &link)
    if link.battle?.isRunning == true { actions += finishBattle(of: &link, at: now) }
    link.battle?.state = .over
    link.state = state
    open[link.id] = nil
    for member in link.members { release(member.room.id) }
    for invitation in link.invitations { release(invitation, at: now) }
    closed.append(link)
    if closed.count > limits.closedLinks { closed.removeFirst() }
    if wasActive { actions.append(.parted(link.members.map(\.room.id))) }
    return actions + tell(link, .updated(link, answer), all: wasActive)
  }

  /// Hosts of asked rooms always hear; of the members everybody does once there is something to see.
  func tell(_ link: Link, _ event: LinkEvent, all: Bool) -> [LinkAction] {
    link.members.map { .tell(room: $0.room.id, all ? .everyone : .host, event) }
      + link.invitations.map { .tell(room: $0.room.id, .host, event) }
  }

  func requireFree(_ room: String) throws(SignalingError) {
    if linkOfRoom[room] != nil { throw .linkBusy }
  }

  /// The open link with that name which `party` takes part in.
  func openLink(_ id: String, for room: LinkRoom, by actor: Person) throws(SignalingError) -> Link {
    let link = try link(id, for: room.id)
    if actor.id != room.host.id { throw .forbidden }
    if !link.isOpen || !link.names(room.id) { throw .linkClosed }
    return link
  }

  /// The active link with that name of which `room` is a member.
  func activeLink(_ id: String, for room: LinkRoom, by actor: Person) throws(SignalingError) -> Link {
    let link = try openLink(id, for: room, by: actor)
    guard link.state == .active, link.isMember(room.id) else { throw .linkPending }
    return link
  }
}
