import Signaling

/// What `LiveRoom` of SignalingServer keeps of a room and its links.
final class LiveRoomModel {
  let id: String
  var model: RoomModel
  /// As the links know it (`LiveRoom.isHostHere`).
  var isHostHere = false
  /// When the room wants to be asked for what time brings about.
  var alarm: Instant?
  /// How much of what it asked for is being carried out.
  var errands = 0
  /// The link as its host was told of it (`LiveRoom.link`).
  var told: Link?
  /// The link as its audience was.
  var shown: Link?
  /// Whether its people would rather come on stage, or see the host linked.
  var wantsGuests = false

  init(_ model: RoomModel) {
    id = model.room.id
    self.model = model
    alarm = model.room.nextDeadline
  }

  var host: Person { model.room.host }
  var isHostLive: Bool { model.room.seat(of: model.room.host.id)?.state == .live }

  /// `LiveRoom.linkParty`
  var linkParty: LinkParty {
    LinkParty(
      room: LinkRoom(id: id, title: model.room.title, host: host),
      isLive: model.room.status == .live && isHostLive,
      isStageOccupied: model.room.seats.contains { $0.role == .cohost })
  }

  /// `LiveRoom.isSettled`
  var isSettled: Bool { model.room.status == .ended && errands == 0 && told == nil }

  /// `LiveRoom.tell`
  func tell(_ listeners: LinkAction.Listeners, _ event: LinkEvent) {
    let link = event.link
    if link.isOpen, link.rooms.contains(where: { $0.id == id }) {
      told = link
    } else if told?.id == link.id {
      told = nil
    }
    guard listeners == .everyone else { return }
    if link.state == .active, link.isMember(id) {
      shown = link
    } else if shown?.id == link.id {
      shown = nil
    }
  }
}

extension LinkEvent {
  var link: Link {
    switch self {
    case .requested(let link, _), .updated(let link, _), .battleRequested(let link, _), .battleAnswered(let link, _),
      .battleScore(let link), .battleOver(let link):
      link
    }
  }
}
