import Logging
import MediaControl
import Signaling

/// One room's part in links.
extension LiveRoom {
  /// What decides whether this room may be linked now.
  var linkParty: LinkParty {
    LinkParty(
      room: LinkRoom(id: stored.id, title: room.title, host: room.host),
      isLive: room.status == .live && room.seat(of: stored.host.id)?.state == .live,
      isStageOccupied: room.seats.contains { $0.role == .cohost })
  }

  /// The same for a host who asks for a link: who may not enter the room may not.
  func linkParty(for host: Person) throws(APIError) -> LinkParty {
    try checked { room, now throws(SignalingError) in try room.requireEntry(host, at: now) }
    return linkParty
  }

  /// Takes nobody on stage any more, unless somebody is there already.
  func closeStage(for link: String) async throws(APIError) {
    let party = linkParty
    if !party.isLive { throw APIError(.linkNotLive) }
    if party.isStageOccupied { throw APIError(.linkStageOccupied) }
    await setLink(link)
  }

  func setLink(_ link: String?) async {
    do {
      try await carryOut(room.setLink(link, at: now))
    } catch {
      environment.logger.error("A link failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  /// Remembers and tells what has become of the room's link.
  func tell(_ listeners: LinkAction.Listeners, _ event: LinkEvent) {
    let (host, everyone) = (Audience.users([stored.host.id]), Audience.everyone)
    var message: EventMessage
    switch event {
    case .requested(let link, let timeout):
      follow(link)
      message = .link("link.requested", link, at: now, expiresIn: timeout)
    case .updated(let link, let answer):
      follow(link)
      message = .link("link.updated", link, at: now, answer: answer)
    case .battleRequested(let link, let timeout):
      follow(link)
      message = .link("battle.requested", link, at: now, expiresIn: timeout)
    case .battleAnswered(let link, let answer):
      follow(link)
      message = .link("battle.answered", link, at: now)
      message.answer = LinkAnswerBody(answer)
    case .battleScore(let link):
      follow(link)
      message = .scores(of: link)
    case .battleOver(let link):
      follow(link)
      message = .link("battle.over", link, at: now)
    }
    tell(listeners == .host ? host : everyone, message)
    noteForWebhooks(event)
  }

  private func follow(_ link: Link) {
    if link.isOpen, link.rooms.contains(where: { $0.id == stored.id }) {
      self.link = link
    } else if self.link?.id == link.id {
      self.link = nil
    }
  }

  /// What a restart would end.
  var linkMemory: LinkMemory? { link.flatMap { LinkMemory($0, of: stored.id) } }

  /// Whether the store knows the link, and points of it that are not old.
  var isLinkStored: Bool {
    guard let memory = linkMemory else { return persistence.link == nil }
    guard memory.resembles(persistence.link) else { return false }
    return memory == persistence.link || now.seconds(since: persistence.linkStored ?? .zero) < Self.pointsPause
  }

  /// Seconds between two times that the points of a battle are stored.
  private static var pointsPause: Double { 5 }

  /// What everybody may see, or what the host may.
  func linkBody(forHost: Bool = false) -> LinkBody? {
    guard let link, forHost || (link.state == .active && link.isMember(stored.id)) else { return nil }
    return LinkBody(link, at: now)
  }

  /// Whether `person` may receive what `source` sends to this stage, or to that of a linked room.
  func requireReceiving(_ source: String, by person: Person) throws(APIError) {
    try checked { room, now throws(SignalingError) in
      if isLinkedHost(source) {
        try room.requireLinkedReceiving(person)
      } else {
        try room.requireReceiving(person, from: source, at: now)
      }
    }
  }

  /// Whether `user` is the host of a room that is linked with this one.
  private func isLinkedHost(_ user: String) -> Bool {
    guard let link, link.state == .active, link.isMember(stored.id) else { return false }
    return link.members.contains { $0.room.host.id == user && $0.room.id != stored.id }
  }

  /// Tells the links when the host is silent, or heard again.
  func noticeHost() async {
    let isHere = room.seat(of: stored.host.id)?.state == .live
    guard isHere != isHostHere else { return }
    isHostHere = isHere
    await environment.links.hostChanged(stored.id, isHere: isHere)
  }

  /// Gifts and likes count while the room is in a link.
  func score(_ points: Int) async {
    if room.link != nil { await environment.links.score(points, for: stored.id) }
  }
}

extension EventMessage {
  fileprivate static func link(
    _ type: String, _ link: Link, at now: Instant, answer: LinkAnswer? = nil, expiresIn: Double? = nil
  ) -> EventMessage {
    var message = EventMessage(type)
    message.link = LinkBody(link, at: now)
    message.answer = answer.map(LinkAnswerBody.init)
    message.expiresIn = expiresIn
    return message
  }

  fileprivate static func scores(of link: Link) -> EventMessage {
    var message = EventMessage("battle.score")
    (message.id, message.scores) = (link.id, link.battle?.scores)
    return message
  }
}
