import MediaControl
import MixCore
import Transport

/// The host of a linked room as this room's loop knows him.
struct GuestState {
  let room: RoomID
  /// His publication, as long as there is one.
  var session: SessionID?
  /// The latest one, also when it is over: its numbers mean nothing to the next.
  var lastSession: SessionID?
  var framesDecoded = 0
  var size = PixelSize.zero
  var isCameraOn = true
}

/// The programme together with other rooms.
extension RoomLoop {
  /// Takes in the hosts who will be shown, so that their pictures and sound are there at the instant of the switch.
  func prepare(_ change: LinkChange) {
    coming = change
    for guest in change.guests(of: room) where guests[guest.host] == nil && publishers[guest.host] == nil {
      guard let playout = try? AudioPlayout(), program.addGuest(SourceID(guest.host.rawValue), playout: playout) else {
        continue
      }
      guests[guest.host] = GuestState(room: guest.room)
    }
    follow()
  }

  /// Between two ticks: the first one from the instant on shows and mixes all of the change.
  func switchProgramme(at now: MediaTime) {
    guard let change = coming, change.instant <= now else { return }
    coming = nil
    link = change.group
    program.setLink(change.scene(of: room), at: now)
    let remaining = Set(change.guests(of: room).map(\.host))
    for user in guests.keys where !remaining.contains(user) { guests[user] = nil }
    follow()
    wishesMayChange = true
    emit(.sceneChanged(room, sceneDescription))
  }

  private func follow() {
    net.send(.follow(room, guests.map { LinkedRoom(room: $1.room, host: $0) }))
  }

  // MARK: What comes from linked rooms

  /// A guest's publication connected, perhaps instead of an older one.
  func guestJoined(_ user: UserID, session: SessionID, controls: ParticipantControls) {
    guard let before = guests[user] else { return }
    if let last = before.lastSession, last != session, let playout = try? AudioPlayout() {
      program.restart(SourceID(user.rawValue), playout: playout)
    }
    guests[user]?.session = session
    guests[user]?.lastSession = session
    _ = set(controls, of: user)
  }

  /// His place stays: it shows what it shows of everybody who is silent.
  func guestLeft(_ user: UserID, session: SessionID) {
    if guests[user]?.session == session { guests[user]?.session = nil }
  }

  func insert(_ picture: SourcePicture, fromGuest user: UserID) {
    guard guests[user] != nil else { return }
    program.insert(picture, for: SourceID(user.rawValue), at: picture.timings.decoded)
    guests[user]?.framesDecoded += 1
    if guests[user]?.size != picture.frame.size { wishesMayChange = true }
    guests[user]?.size = picture.frame.size
  }

  func insert(_ packet: ReceivedAudioPacket, fromGuest user: UserID) {
    guard guests[user] != nil else { return }
    program.insert(packet, for: SourceID(user.rawValue))
  }
}

extension LinkChange {
  /// Whom this room will show beside its own people.
  func guests(of room: RoomID) -> [LinkedRoom] { group?.rooms.filter { $0.room != room } ?? [] }

  /// Own host first.
  func scene(of room: RoomID) -> LinkedScene? { group?.scene(of: room) }
}

extension LinkTable.Group {
  func scene(of room: RoomID) -> LinkedScene {
    let ordered = rooms.filter { $0.room == room } + rooms.filter { $0.room != room }
    return LinkedScene(layout: layout, seats: ordered.map { SourceID($0.host.rawValue) })
  }
}

extension Program {
  mutating func insert(_ packet: ReceivedAudioPacket, for id: SourceID) {
    insert(
      audio: packet.payload, sequence: packet.sequence, timestamp: packet.timestamp, arrival: packet.arrival,
      captureTime: packet.captureTime, isRedundant: packet.isRedundant, for: id)
  }
}
