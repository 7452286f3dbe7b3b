import MediaControl
import MixCore
import Transport

/// A room that shows the host of another one.
struct Follower {
  let room: RoomID
  let mailbox: Mailbox<RoomMessage>
}

/// What goes from one room to another: the media of linked hosts, once per frame and packet, to every room that shows
/// them. A room asks for it by itself, before its programme changes, and gives it up afterwards.
extension NetLoop {
  /// `room` shows the hosts of these rooms, and of no others.
  func follow(_ guests: [LinkedRoom], by room: RoomID) {
    guard let before = rooms[room]?.guests else { return }
    rooms[room]?.guests = guests
    for guest in before where !guests.contains(guest) { stopFollowing(guest, by: room) }
    for guest in guests where !before.contains(guest) { startFollowing(guest, by: room) }
  }

  private func startFollowing(_ guest: LinkedRoom, by room: RoomID) {
    guard let publisher = publication(of: guest.host, in: guest.room) else { return }
    refreshFollowers(of: publisher)
    guard let place = publisher.place else { return }
    rooms[room]?.mailbox.send(.guestJoined(guest.host, place, controls(of: guest.host, in: guest.room)))
  }

  private func stopFollowing(_ guest: LinkedRoom, by room: RoomID) {
    // On stage hosts receive each other only as long as they are linked.
    for receiver in sessions(in: room) where receiver.forwardedSource == guest.host {
      end(receiver, notifyPeer: true)
    }
    guard let publisher = publication(of: guest.host, in: guest.room) else {
      // He may come back, and what was shown of him here counts for his client until it is taken back.
      rooms[guest.room]?.mailbox.send(.shownElsewhere(guest.host, in: room, nil))
      return
    }
    refreshFollowers(of: publisher)
    decode(publisher.id, for: nil, in: room)
    updateForwarding(of: guest.host, in: guest.room)
  }

  /// Everybody who shows `session`'s user as the host of a linked room.
  func refreshFollowers(of session: NetSession) {
    guard case .publisher(let user, _, let decoder) = session.kind else { return }
    let linked = LinkedRoom(room: session.room, host: user)
    session.followers = rooms.compactMap { room, link in
      link.guests.contains(linked) ? Follower(room: room, mailbox: link.mailbox) : nil
    }
    decoder.setFollowers(session.followers.map(\.mailbox))
  }

  func tellFollowers(of session: NetSession, _ message: RoomMessage, wake: Bool = true) {
    for follower in session.followers { follower.mailbox.send(message, wake: wake) }
  }

  // MARK: Controls go with the host

  /// A room's people are muted, and their cameras hidden, wherever they are heard and shown: also on stage.
  func setControls(_ change: ParticipantControls, of user: UserID, in room: RoomID) {
    guard let session = publication(of: user, in: room) else { return }
    let controls = controls(of: user, in: room).merged(change)
    rooms[room]?.controls[user] = controls
    if let place = session.place { tellFollowers(of: session, .guestJoined(user, place, controls)) }
    let now = MonotonicClock.now()
    for receiver in stageReceivers(of: session) { adaptStage(receiver, now: now) }
  }

  func controls(of user: UserID, in room: RoomID) -> ParticipantControls {
    rooms[room]?.controls[user] ?? ParticipantControls(muted: false, volume: 1, camera: true)
  }

  // MARK: Finding publications

  func publication(of user: UserID, in room: RoomID) -> NetSession? {
    sessions(in: room).first { $0.publisher == user }
  }

  /// `source` as somebody on the stage of `room` can receive him: he publishes there, or is the host of a linked room.
  func publication(of source: UserID, heardIn room: RoomID) -> NetSession? {
    if let own = publication(of: source, in: room) { return own }
    guard let guest = rooms[room]?.guests.first(where: { $0.host == source }) else { return nil }
    return publication(of: source, in: guest.room)
  }

  /// Those on any stage who receive what comes in this session.
  func stageReceivers(of publisher: NetSession) -> [NetSession] {
    guard let user = publisher.publisher else { return [] }
    let rooms = [publisher.room] + publisher.followers.map(\.room)
    return rooms.flatMap { sessions(in: $0) }.filter { $0.forwardedSource == user }
  }
}

extension ParticipantControls {
  fileprivate func merged(_ change: ParticipantControls) -> ParticipantControls {
    ParticipantControls(
      muted: change.muted ?? muted, volume: change.volume ?? volume, camera: change.camera ?? camera)
  }
}
