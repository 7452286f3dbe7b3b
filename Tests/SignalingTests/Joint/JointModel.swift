import Signaling

/// Several rooms and the links between them, joined as SignalingServer joins them and driven by chance.
///
/// Its actors do one thing at a time but wait for each other in between, and something else may happen meanwhile. So
/// whatever waits there is a `Turn` here, and chance decides whose turn is next.
final class JointModel {
  var random: SplitMix
  var now = Instant.zero
  /// One of them has two rooms.
  var hosts = (0..<5).map { Person(id: "h\($0)", name: "H\($0)") }
  var rooms: [LiveRoomModel] = []
  /// Where each room that is in use stands in `rooms`.
  var places: [String: Int] = [:]
  /// Where rooms are over.
  var over: Set<Int> = []
  let links = LinkServiceModel()
  /// What has begun and waits.
  var turns: [Turn] = []
  /// Rooms that a media worker shows together.
  var shown = LinkedPartners()
  /// Things that people, media and time have done.
  var operations = 0
  /// What was wrong first.
  private(set) var violation: String?
  var counts = JointCounts()
  /// Nothing new begins until all that has begun is done.
  private var isComingToRest = false
  private var serial = 0

  /// Seconds by which an alarm rings late at most.
  static let lateness = 0.05
  private static let roomCount = 6

  init(seed: UInt64) {
    random = SplitMix(state: seed &* 7919 &+ 3)
    for place in 0..<Self.roomCount { rooms.append(open(place)) }
  }

  func newName(_ prefix: String) -> String {
    serial += 1
    return "\(prefix)\(serial)"
  }

  /// A new show.
  private func open(_ place: Int) -> LiveRoomModel {
    let id = newName("r")
    places[id] = place
    let host = hosts[place % hosts.count]
    let guests = hosts.filter { $0.id != host.id }
    let room = LiveRoomModel(RoomModel(seed: random.next(), id: id, host: host, guests: guests, at: now))
    room.wantsGuests = random.chance(2)
    return room
  }

  /// Something happens, and a look at everything that must hold after it.
  func step() {
    if isComingToRest {
      if takeTurn() { return }
      isComingToRest = false
      checkAtRest()
    }
    if !over.isEmpty { replaceEnded() }
    let alarm = nextAlarm
    passTime(until: alarm)
    if let alarm, alarm <= now, random.chance(5) { return ring(alarm) }
    if random.below(3) > 0, takeTurn() { return }
    operate()
    isComingToRest = random.chance(40) || turns.count > 8
  }

  /// - Returns: whether there was something to be done.
  func takeTurn() -> Bool {
    let canWork = !links.isHeld && !links.work.isEmpty
    let services = (links.mailbox.isEmpty ? 0 : 1) + (canWork ? 1 : 0)
    guard turns.count + services > 0 else { return false }
    let choice = random.below(turns.count + services)
    if choice < turns.count {
      turns.swapAt(choice, turns.count - 1)
      if let rest = take(turns.removeLast()) { turns.append(rest) }
    } else if !canWork || (!links.mailbox.isEmpty && choice == turns.count) {
      deliver(links.mailbox.removeFirst())
    } else {
      carryOut(links.work.removeFirst())
    }
    return true
  }

  // MARK: Time

  /// What is on its way takes milliseconds. Otherwise little may happen for a while, and alarms ring almost in time.
  private func passTime(until alarm: Instant?) {
    let isBusy = !turns.isEmpty || !links.isIdle
    let span = isBusy ? 20 : random.chance(150) ? 40_000 : random.chance(6) ? 1000 : 50
    let target = now.advanced(bySeconds: Double(random.below(span)) / 1000)
    if let alarm, alarm < target {
      now = max(now, alarm.advanced(bySeconds: random.chance(2) ? 0 : Self.lateness * 0.9))
    } else {
      now = target
    }
  }

  var nextAlarm: Instant? {
    var next = links.alarm
    for room in rooms {
      if let alarm = room.alarm, next.map({ alarm < $0 }) ?? true { next = alarm }
    }
    return next
  }

  func ring(_ alarm: Instant) {
    if links.alarm == alarm {
      operations += 1
      schedule(links.book.advance(to: now))
      require(links.alarm.map { now < $0 } ?? true, "a deadline of the links has passed unused")
    } else if let place = rooms.firstIndex(where: { $0.alarm == alarm }) {
      attempt(.advance, in: place, by: rooms[place].host)
    }
  }

  /// Rooms that are over make way as in `RoomRegistry.forgetEnded`.
  private func replaceEnded() {
    guard links.mailbox.isEmpty else { return }
    for place in over.sorted() where rooms[place].isSettled {
      over.remove(place)
      places[rooms[place].id] = nil
      counts.shows += 1
      rooms[place] = open(place)
    }
  }

  func require(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds, violation == nil { violation = "operation \(operations): \(text())" }
  }
}

/// What a model has seen, to know that it tries what it is meant to try.
struct JointCounts {
  /// Shows that are over, and moments at which nothing was under way.
  var (shows, rests) = (0, 0)
  /// Rooms seen at rest with co-hosts, and with somebody who waits for a seat.
  var (onStage, waiting) = (0, 0)
  /// The most rooms of a link.
  var largest = 0
  /// Links seen at rest while one of their hosts was silent or away.
  var absences = 0
  /// Acceptances that failed after stages were closed, and stages that were opened again.
  var (failures, reopened) = (0, 0)
}
