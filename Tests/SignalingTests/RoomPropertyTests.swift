import Signaling
import Testing

/// Random operations by random people: whatever happens, the promises of a room hold.
@Suite struct RoomPropertyTests {
  @Test("Invariants hold under random operations", arguments: 0..<40 as Range<UInt64>)
  func invariants(seed: UInt64) {
    var random = SplitMix(state: seed)
    var room = Cast.room {
      $0.stage = 4
      $0.pendingApplications = 5
      $0.closedRequests = 8
    }
    let people = (0..<8).map { Person(id: "p\($0)", name: "P\($0)") } + [Cast.host]
    var now = Instant.zero
    for step in 0..<600 {
      now = now.advanced(bySeconds: Double(random.next() % 8000) / 1000)
      let actions = act(&room, people, step, now, &random)
      check(room, actions, now)
      if room.status == .ended { break }
    }
  }

  /// One operation that may be refused.
  private func act(
    _ room: inout Room, _ people: [Person], _ step: Int, _ now: Instant, _ random: inout SplitMix
  ) -> [RoomAction] {
    let (actor, other) = (random.pick(people), random.pick(people))
    let ids = room.pending.map(\.id) + ["x\(random.next() % 40)"]
    let overdue = room.nextDeadline.map { $0 <= now } ?? false
    if overdue { return room.advance(to: now) }
    let result = Result<[RoomAction], any Error> {
      switch random.next() % 15 {
      case 0, 1: return try room.apply(id: "x\(step)", media: .video, by: actor, at: now)
      case 2: return try room.invite(id: "x\(step)", user: other, by: random.pick([actor, Cast.host]), at: now)
      case 3, 4:
        let answer = random.pick(StageRequest.Answer.allCases)
        let origin = random.pick([StageRequest.Origin.application, .invitation])
        return try room.answer(answer, origin, id: random.pick(ids), by: random.pick([actor, Cast.host]), at: now)
      case 5, 6: return try room.publishStarted(by: actor.id, at: now)
      case 7: return room.mediaArrived(from: actor.id, video: true, audio: random.next() % 2 == 0)
      case 8: return room.publishStopped(by: actor.id, random.pick([.left, .lost]), at: now)
      case 9: return try room.remove(other.id, by: actor)
      case 10: return try room.control(other.id, ControlsChange(muted: random.next() % 2 == 0), by: actor)
      case 11: room.joinAudience(actor.id, at: now)
      case 12: return room.connectionLost(of: actor.id, at: now)
      case 13: return room.connectionRestored(of: actor.id)
      default:
        room.leaveAudience(actor.id, at: now)
        if random.next() % 400 == 0 { return try room.end(by: actor) }
      }
      return []
    }
    return (try? result.get()) ?? []
  }

  private func isOnAir(_ seat: Seat?) -> Bool {
    switch seat?.state {
    case .live, .reconnecting: true
    case .connecting, .reserved, nil: false
    }
  }

  private func check(_ room: Room, _ actions: [RoomAction], _ now: Instant) {
    #expect(room.seats.count <= room.limits.stage)
    #expect(room.seats.count { $0.role == .cohost } <= room.limits.stage - 1)
    #expect(Set(room.seats.map(\.user.id)).count == room.seats.count)
    #expect(room.seats.dropFirst().allSatisfy { $0.role == .cohost })
    #expect((room.status == .live) == (room.seats.first?.role == .host && isOnAir(room.seats.first)))
    let seated = Set(room.seats.map(\.user.id))
    #expect(room.pending.allSatisfy { $0.state == .pending && !seated.contains($0.user.id) })
    for origin in [StageRequest.Origin.application, .invitation] {
      let users = room.pending.filter { $0.origin == origin }.map(\.user.id)
      #expect(Set(users).count == users.count)
    }
    #expect(room.pending.count { $0.origin == .application } <= room.limits.pendingApplications)
    #expect(room.viewers >= 0)
    var advanced = room
    _ = advanced.advance(to: now)
    #expect(advanced.nextDeadline.map { $0 > now } ?? true)
    for case .tell(.users(let users), .requestUpdated(let request)) in actions {
      #expect(users == [room.host.id, request.user.id] && request.state != .pending)
    }
  }
}

/// Steele, Lea and Flood's generator: small, seeded, good enough to choose with.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next() % UInt64(elements.count))] }
}
