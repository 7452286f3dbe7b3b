import Signaling

/// What `LinkService` of SignalingServer keeps.
final class LinkServiceModel {
  /// What rooms say without waiting for what comes of it.
  enum Message {
    case host(String, isHere: Bool)
    case over(String)
    case score(Int, String)
    case rename(Person)
    /// The media worker has made the room anew.
    case made(String)
  }

  /// A piece of what it carries out, one after the other.
  enum Work {
    case tell(String, LinkAction.Listeners, LinkEvent)
    /// Looks up the link of a room, to set it when it is the room's turn.
    case look(String)
    case set(String, String?)
    case join(Acceptance)
    case show([String])
    case hide([String])
  }

  var book: LinkBook
  var promises = LinkPromises()
  var mailbox: [Message] = []
  var work: [Work] = []
  var alarm: Instant?
  /// An acceptance is being carried out.
  var isHeld = false

  init() {
    var limits = LinkLimits()
    (limits.closedLinks, limits.requestPause, limits.refusalPauses) = (8, 0.5, [0.5, 1, 2])
    limits.punishment = 5
    book = LinkBook(limits: limits)
  }

  var isIdle: Bool { mailbox.isEmpty && work.isEmpty }
}

extension JointModel {
  /// `LinkService.change`; a refusal changes nothing.
  func change(_ operation: (inout LinkBook, Instant) throws(SignalingError) -> [LinkAction])
    throws(SignalingError)
  {
    schedule(try operation(&links.book, now))
  }

  /// `LinkService.schedule`
  func schedule(_ actions: [LinkAction]) {
    links.alarm = links.book.nextDeadline
    guard !actions.isEmpty else { return }
    links.promises.apply(actions, of: links.book)
    checkLinks()
    for action in actions {
      switch action {
      case .tell(let room, let listeners, let event): links.work.append(.tell(room, listeners, event))
      case .joined(let rooms): links.work += rooms.map { .look($0.id) } + [.show(rooms.map(\.id))]
      case .parted(let rooms): links.work += [.hide(rooms)] + rooms.map { .look($0) }
      }
    }
  }

  func deliver(_ message: LinkServiceModel.Message) {
    switch message {
    case .host(let room, let isHere):
      schedule(isHere ? links.book.hostReturned(room) : links.book.hostLost(room, at: now))
    case .over(let room): schedule(links.book.roomGone(room, at: now))
    case .score(let points, let room):
      links.promises.note(points, for: room, in: links.book, at: now)
      schedule(links.book.score(points, for: room, at: now))
    case .rename(let host): schedule(links.book.rename(host))
    case .made(let room):
      if let link = links.book.activeLink(of: room) { schedule([.joined(link.members.map(\.room))]) }
    }
  }

  func carryOut(_ work: LinkServiceModel.Work) {
    switch work {
    case .tell(let room, let listeners, let event):
      if let place = places[room] { rooms[place].tell(listeners, event) }
    case .look(let room): links.work.insert(.set(room, links.book.activeLink(of: room)?.id), at: 0)
    case .set(let room, let link): setLink(link, of: room)
    case .join(var acceptance):
      links.isHeld = true
      acceptance.phase = .next(0)
      turns.append(.acceptance(acceptance))
    case .show(let rooms): shown.join(rooms)
    case .hide(let rooms): shown.part(rooms)
    }
  }
}
