import Signaling

/// Something that has begun and waits for another actor.
enum Turn {
  case errand(Errand)
  case asking(Asking)
  case acceptance(Acceptance)
}

/// The rest of what a room asked for (`LiveRoom.carryOut`).
struct Errand {
  enum Word {
    case score(Int)
    case over
    /// `LiveRoom.noticeHost`
    case host
  }

  let room: String
  var words: [Word]
}

extension JointModel {
  /// - Returns: what is left of it.
  func take(_ turn: Turn) -> Turn? {
    switch turn {
    case .errand(let errand): run(errand).map(Turn.errand)
    case .asking(let asking): run(asking).map(Turn.asking)
    case .acceptance(let acceptance): run(acceptance).map(Turn.acceptance)
    }
  }

  // MARK: Rooms

  func attempt(_ operation: RoomOperation, in place: Int, by actor: Person) {
    operations += 1
    rooms[place].model.now = now
    carryOut(rooms[place].model.attempt(operation, by: actor), in: place)
  }

  func undergo(
    _ operation: RoomOperation, in place: Int,
    _ change: (inout Room, Instant) throws(SignalingError) -> [RoomAction]
  ) {
    rooms[place].model.now = now
    carryOut(rooms[place].model.undergo(operation, change), in: place)
  }

  /// `LiveRoom.setLink`; a room that was forgotten is over.
  func setLink(_ link: String?, of room: String) {
    guard let place = places[room] else { return }
    undergo(.link, in: place) { room, now in room.setLink(link, at: now) }
  }

  /// Telling and the alarm come without a pause, all else later.
  private func carryOut(_ actions: [RoomAction], in place: Int) {
    rooms[place].alarm = rooms[place].model.room.nextDeadline
    if rooms[place].model.room.status == .ended { over.insert(place) }
    check(place)
    var words: [Errand.Word] = actions.compactMap { action in
      switch action {
      case .chat(.score(let points)): .score(points)
      case .closeRoom: .over
      default: nil
      }
    }
    if rooms[place].isHostLive != rooms[place].isHostHere || !words.isEmpty { words.append(.host) }
    if words.isEmpty { return }
    rooms[place].errands += 1
    turns.append(.errand(Errand(room: rooms[place].id, words: words)))
  }

  private func run(_ errand: Errand) -> Errand? {
    guard let place = places[errand.room] else { return nil }
    var rest = errand
    switch rest.words.removeFirst() {
    case .score(let points):
      if rooms[place].model.room.link != nil { links.mailbox.append(.score(points, errand.room)) }
    case .over: links.mailbox.append(.over(errand.room))
    case .host:
      let isHere = rooms[place].isHostLive
      if isHere != rooms[place].isHostHere { links.mailbox.append(.host(errand.room, isHere: isHere)) }
      rooms[place].isHostHere = isHere
    }
    if !rest.words.isEmpty { return rest }
    rooms[place].errands -= 1
    return nil
  }
}
