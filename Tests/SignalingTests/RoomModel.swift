import Signaling

/// A room that is driven by chance, and what has been seen of it: enough to say whether its promises hold.
struct RoomModel {
  var room: Room
  var now: Instant
  var random: SplitMix
  var people: [Person]
  /// In company only what others could break is looked at: who is on stage, who waits, and for how long.
  let isAlone: Bool
  /// What was wrong first.
  private(set) var violation: String?
  var operations = 0
  /// When the host was last on air, in a room that is live.
  var hostHeard = Instant.zero

  var remembered: RoomMemory
  /// Deadlines of the requests that have not ended yet.
  var open: [String: Instant] = [:]
  var audience = ModelAudience()
  private var serial = 0
  var last = (operation: RoomOperation.advance, actor: "")

  /// - Parameter guests: hosts of the rooms in whose company it is.
  init(seed: UInt64, id: String = "r", host: Person = Cast.host, guests: [Person] = [], at now: Instant = .zero) {
    random = SplitMix(state: seed)
    self.now = now
    isAlone = guests.isEmpty
    people = (0..<7).map { Person(id: "p\($0)", name: "P\($0)") } + guests + [host, Cast.boss]
    room = Self.freshRoom(id, host, at: now)
    remembered = room.memory(Self.clock)
  }

  static let clock = WallClock(now: .zero, milliseconds: 1_700_000_000_000)

  private static func freshRoom(_ id: String, _ host: Person, at now: Instant) -> Room {
    var limits = RoomLimits()
    (limits.pendingApplications, limits.pendingInvitations, limits.closedRequests, limits.admins) = (4, 3, 6, 2)
    (limits.refusalPauses, limits.refusalMemory) = ([1, 3], 60)
    return Room(id: id, host: host, info: RoomInfo(title: "Show", layout: "pip"), limits: limits, at: now)
  }

  mutating func newName() -> String {
    serial += 1
    return "x\(serial)"
  }

  /// One operation, and a look at everything that must hold after it.
  mutating func step() {
    if room.status == .ended { restart() }
    now = now.advanced(bySeconds: Double(random.below(random.chance(60) ? 60_000 : 1000)) / 1000)
    let isDue = room.nextDeadline.map { $0 <= now } ?? false
    let operation = isDue ? .advance : random.pick(RoomOperation.weighted)
    attempt(operation, by: random.chance(3) ? room.host : random.pick(people))
  }

  /// The next show.
  private mutating func restart() {
    room = Self.freshRoom(room.id, room.host, at: now)
    remembered = room.memory(Self.clock)
    open = [:]
    audience = ModelAudience()
  }

  mutating func require(_ condition: Bool, _ promise: @autoclosure () -> String) {
    if condition || violation != nil { return }
    violation = "\(last.operation) by \(last.actor), step \(operations): \(promise())"
  }
}

// MARK: Promises

extension RoomModel {
  mutating func check(
    _ operation: RoomOperation, _ attempt: RoomOperation.Attempt, _ before: Room, _ actions: [RoomAction]
  ) {
    if let permission = attempt.permission {
      require(before.allows(permission, to: attempt.actor, at: now), "done without the right to \(permission)")
    }
    checkStage()
    checkRequests(actions)
    checkStatus(operation, attempt, before)
    if operation == .advance { require(room.nextDeadline.map { $0 > now } ?? true, "a deadline has passed unused") }
    guard isAlone else { return }
    checkSanctions(before, actions)
    checkTelling(operation, actions)
    let memory = room.memory(Self.clock)
    require(memory == remembered || actions.contains(.persist), "changed, but not to be stored")
    remembered = memory
    if random.chance(8) { checkMemory() }
  }

  /// What was refused has changed nothing, and had a reason in the table if rights were the reason.
  mutating func check(
    _ operation: RoomOperation, _ attempt: RoomOperation.Attempt, _ before: Room, refusal: SignalingError
  ) {
    if operation != .chat { require(room == before, "refused, but changed") }
    if refusal == .forbidden, let permission = attempt.permission, !attempt.isMatterOfRank {
      require(!before.allows(permission, to: attempt.actor, at: now), "refused in spite of the right to \(permission)")
    }
  }

  private mutating func checkStage() {
    let room = room
    let indices = room.seats.map { $0.index }
    require(indices.allSatisfy { (0..<room.settings.stage).contains($0) }, "a seat outside the stage")
    require(Set(indices).count == indices.count, "two people on one seat")
    require(Set(room.seats.map { $0.user.id }).count == room.seats.count, "somebody on stage twice")
    require(room.lockedSeats.isDisjoint(with: indices), "somebody on a locked seat")
    require(room.seats.allSatisfy { ($0.index == 0) == ($0.user.id == room.host.id) }, "the host's seat is not his")
    require(room.seats.dropFirst().allSatisfy { $0.role == .cohost }, "the host is not first")
    for seat in room.seats {
      let (controls, restraint) = (seat.controls, seat.restraint)
      require(
        (controls.muted || !restraint.muted) && (!controls.camera || !restraint.cameraOff)
          && controls.volume <= restraint.volume, "somebody undid what the host did")
      let firm = seat.restraints.firm
      require(
        (restraint.muted || !firm.muted) && (restraint.cameraOff || !firm.cameraOff)
          && restraint.volume <= firm.volume, "an admin undid what the host did")
    }
    for person in people where room.isBanned(person.id, at: now) {
      require(
        room.seat(of: person.id) == nil && !room.isAdmin(person.id)
          && room.standings(of: person, at: now).isDisjoint(with: [.host, .viewer, .cohost, .admin]),
        "somebody banned is still there")
    }
    require(room.admins.count <= room.limits.admins && !room.isAdmin(room.host.id), "admins out of bounds")
  }

  private mutating func checkRequests(_ actions: [RoomAction]) {
    let room = room
    for case .tell(let audience, let event) in actions {
      switch event {
      case .requestCreated(let request):
        require(open.updateValue(request.deadline, forKey: request.id) == nil, "a request was opened twice")
      case .requestUpdated(let request):
        require(open.removeValue(forKey: request.id) != nil && request.state != .pending, "an end without a beginning")
        require(audience == .users(room.helpers.union([request.user.id])), "strangers hear of a request")
      default: break
      }
    }
    require(Set(open.keys) == Set(room.pending.map { $0.id }), "a request without end")
    require(room.pending.allSatisfy { room.seat(of: $0.user.id) == nil }, "somebody on stage waits for a seat")
    for origin in [StageRequest.Origin.application, .invitation] {
      let users = room.pending.filter { $0.origin == origin }.map(\.user.id)
      require(Set(users).count == users.count, "two \(origin)s of one user")
      require(users.count <= (origin == .application ? 4 : 3), "too many \(origin)s")
    }
    require(room.link == nil || room.pending.isEmpty, "requests while the room is linked")
  }

  private mutating func checkSanctions(_ before: Room, _ actions: [RoomAction]) {
    let room = room
    for ban in room.chat.banned(at: now) {
      let user = ban.user.id
      require(room.seat(of: user) == nil && !room.isAdmin(user), "a banned user has seat or rights")
      require(room.pending.allSatisfy { $0.user.id != user }, "a banned user waits for a seat")
      let isNew = before.chat.ban(of: user, at: now) == nil
      require(!isNew || actions.contains(.expel(user: user)), "a banned user may stay")
    }
    let banned = Set((room.chat.muted(at: now) + room.chat.banned(at: now)).map(\.user.id))
    require(banned.isDisjoint(with: [room.host.id, Cast.boss.id]), "the host or an operator is silenced")
    for case .chat(let action) in actions {
      let author: String? =
        switch action {
        case .store(let message), .storeGift(let message, _): message.author?.person.id
        default: nil
        }
      guard let author else { continue }
      require(before.chat.mute(of: author, at: now) == nil, "a muted user was heard")
    }
  }

  private mutating func checkStatus(
    _ operation: RoomOperation, _ attempt: RoomOperation.Attempt, _ before: Room
  ) {
    let room = room
    if before.seat(of: room.host.id)?.state == .live { hostHeard = now }
    switch room.seat(of: room.host.id)?.state {
    case .live: require(room.status == .live, "the host is on air, the room is not")
    case .reconnecting:
      let isLate = room.nextDeadline ?? now > hostHeard.advanced(bySeconds: room.limits.hostSilence)
      require(room.status != .live || !isLate, "live without a word of the host")
    case .connecting, .reserved, nil: require(room.status != .live, "live without a host")
    }
    if room.status == .ended {
      require(room.seats.isEmpty && room.pending.isEmpty && room.nextDeadline == nil, "over, but not empty")
      require(room.endReason != nil, "over without a reason")
      require(room.ended == (before.status == .ended ? before.ended : now), "over at another time than now")
    }
    if room.status == .live, before.status != .live {
      require([.media, .restored].contains(operation) && attempt.actor.id == room.host.id, "live without media")
      require(room.started != nil, "live, but never started")
    }
  }

  /// All of them but those who are free within the millisecond to which times are kept.
  private func keeps(_ after: [Sanction], of before: [Sanction]) -> Bool {
    let left = Set(after.map(\.user.id))
    let lasting = before.filter { $0.until.map { $0.seconds(since: now) > 0.002 } ?? true }
    return left.isSubset(of: before.map(\.user.id)) && left.isSuperset(of: lasting.map(\.user.id))
  }

  /// What a new process makes of the room's memory is the same room, as far as it can be, and stays it.
  private mutating func checkMemory() {
    let clock = WallClock(now: now, milliseconds: 1_800_000_000_000)
    let memory = room.memory(clock)
    let restored = Room(id: room.id, host: room.host, memory: memory, limits: room.limits, clock)
    require(
      keeps(restored.chat.muted(at: now), of: room.chat.muted(at: now))
        && keeps(restored.chat.banned(at: now), of: room.chat.banned(at: now)),
      "a restart lets somebody go")
    require(
      restored.info == room.info && restored.settings == room.settings && restored.admins == room.admins
        && restored.lockedSeats == room.lockedSeats, "a restart forgets what the host decided")
    let cohosts = { (room: Room) in room.seats.filter { $0.role == .cohost } }
    require(
      cohosts(restored).map(\.user) == cohosts(room).map(\.user)
        && cohosts(restored).map(\.index) == cohosts(room).map(\.index)
        && cohosts(restored).map(\.controls) == cohosts(room).map(\.controls)
        && cohosts(restored).map(\.restraints) == cohosts(room).map(\.restraints), "a restart changes the stage")
    require(
      room.pending.allSatisfy { restored.request($0.id)?.state == .cancelled } && restored.pending.isEmpty,
      "a restart leaves a request without end")
    require((restored.status == .ended) == (room.status == .ended) && restored.status != .live, "restarted on air")
    require(restored.endReason == room.endReason, "a restart forgets why the room is over")
    let again = restored.memory(clock)
    let twice = Room(id: room.id, host: room.host, memory: again, limits: room.limits, clock).memory(clock)
    require(twice == again, "a second restart finds another room than the first")
  }
}
