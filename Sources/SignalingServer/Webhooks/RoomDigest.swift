import Signaling

/// Turns what a room tells its clients into what webhooks are told: changes instead of states, each of them once.
struct RoomDigest: Sendable, Equatable {
  struct News: Sendable, Equatable {
    let type: WebhookEventType
    var about: Subject = .room

    enum Subject: Sendable, Equatable {
      case room
      case seat(Seat)
      case request(StageRequest)
      case departure(Person, LeaveReason)
      case sanction(Sanction)
      case text(String)
    }
  }

  private var status: Room.Status
  private var onStage: Set<String>
  private var absent: Set<String>
  private var link: String?

  init(_ room: Room) {
    status = room.status
    onStage = Set(room.participants.map(\.user.id))
    absent = Set(room.participants.filter(\.isAbsent).map(\.user.id))
  }

  mutating func news(of event: RoomEvent, in room: Room) -> News? {
    switch event {
    case .roomUpdated: return roomChanged(to: room.status)
    case .roomEnded:
      status = .ended
      return News(type: .roomEnded)
    case .roomWarned(let text): return News(type: .roomWarned, about: .text(text))
    case .requestCreated(let request) where request.origin == .application:
      return News(type: .stageApplied, about: .request(request))
    case .participantJoined(let seat): return joined(seat)
    case .participantUpdated(let seat): return changed(seat)
    case .participantLeft(let person, let reason):
      absent.remove(person.id)
      guard onStage.remove(person.id) != nil else { return nil }
      return News(type: .stageLeft, about: .departure(person, reason))
    case .chat(.muted(let sanction)): return News(type: .chatMuted, about: .sanction(sanction))
    case .chat(.banned(let sanction)): return News(type: .chatBanned, about: .sanction(sanction))
    default: return nil
    }
  }

  /// Of the links of the room of that name.
  mutating func news(of event: LinkEvent, in room: String) -> WebhookEventType? {
    switch event {
    case .updated(let link, _): return linkChanged(link, isIn: link.state == .active && link.isMember(room))
    case .battleOver(let link): return link.isMember(room) ? .battleOver : nil
    case .requested, .battleRequested, .battleAnswered, .battleScore: return nil
    }
  }

  private mutating func linkChanged(_ new: Link, isIn: Bool) -> WebhookEventType? {
    guard isIn != (link == new.id) else { return nil }
    link = isIn ? new.id : nil
    return isIn ? .linkStarted : .linkEnded
  }

  private mutating func roomChanged(to new: Room.Status) -> News? {
    guard new != status else { return News(type: .roomUpdated) }
    status = new
    switch new {
    case .live: return News(type: .roomLive)
    case .waiting: return News(type: .roomWaiting)
    case .ended: return nil
    }
  }

  private mutating func joined(_ seat: Seat) -> News? {
    guard onStage.insert(seat.user.id).inserted else { return nil }
    return News(type: .stageJoined, about: .seat(seat))
  }

  private mutating func changed(_ seat: Seat) -> News? {
    guard seat.isAbsent else {
      absent.remove(seat.user.id)
      return nil
    }
    guard absent.insert(seat.user.id).inserted else { return nil }
    return News(type: .stageReconnecting, about: .seat(seat))
  }
}

extension Seat {
  fileprivate var isAbsent: Bool { if case .reconnecting = state { true } else { false } }
}
