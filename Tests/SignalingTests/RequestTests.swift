import Signaling
import Testing

@Suite struct RequestTests {
  @Test("An application is told to the host and the applicant only")
  func applicationIsPrivate() throws {
    var room = Cast.room()
    let actions = try room.apply(id: "a", media: .audio, by: Cast.bob, at: .zero)
    let request = try #require(room.request("a"))
    #expect(actions.contains(.tell(.users(["host", "bob"]), .requestCreated(request))))
    #expect(actions.contains(.tell(.users(["host"]), .applicationCount(1))) && actions.contains(.persist))
    #expect(request.state == .pending && request.media == .audio)
  }

  @Test("Acceptance promises a seat that publishing makes real")
  func acceptance() throws {
    var room = try Cast.liveRoom()
    #expect(throws: SignalingError.seatRequired) { try room.publishStarted(by: Cast.bob, at: .zero) }
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    _ = try room.answer(.accept, .application, id: "a", by: Cast.host, at: .seconds(5))
    #expect(room.request("a")?.state == .accepted)
    #expect(room.role(of: "bob") == .cohost)
    #expect(room.participants.map(\.user.id) == ["host"])
    let events = try room.publishStarted(by: Cast.bob, at: .zero).events
    #expect(room.participants.map(\.user.id) == ["host", "bob"])
    #expect(events.count == 1)
  }

  @Test("A seat that nobody takes within 30 s is free again")
  func reservation() throws {
    var room = Cast.room()
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    _ = try room.answer(.accept, .application, id: "a", by: Cast.host, at: .zero)
    #expect(room.nextDeadline == .seconds(30))
    _ = room.advance(to: .seconds(29.9))
    #expect(room.role(of: "bob") == .cohost)
    _ = room.advance(to: .seconds(30))
    #expect(room.role(of: "bob") == .viewer)
    #expect(throws: SignalingError.seatRequired) { try room.publishStarted(by: Cast.bob, at: .zero) }
  }

  @Test("A request without an answer expires after the host's time, and a late answer says so")
  func expiry() throws {
    var room = Cast.room()
    _ = try room.set { $0.requestTimeout = 60 }
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    #expect(room.nextDeadline == .seconds(60))
    #expect(throws: SignalingError.applicationClosed) {
      try room.answer(.accept, .application, id: "a", by: Cast.host, at: .seconds(60))
    }
    let events = room.advance(to: .seconds(60)).events
    let request = try #require(room.request("a"))
    #expect(request.state == .expired && request.reason == "timeout")
    #expect(events == [.requestUpdated(request), .applicationCount(0)])
    #expect(throws: SignalingError.applicationClosed) {
      try room.answer(.accept, .application, id: "a", by: Cast.host, at: .seconds(61))
    }
    #expect(throws: Never.self) { try room.apply(id: "b", media: .video, by: Cast.bob, at: .seconds(61)) }
  }

  @Test("A viewer has one pending application, and may not apply too often")
  func onePending() throws {
    var room = Cast.room()
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    #expect(throws: SignalingError.applicationPending) {
      try room.apply(id: "b", media: .video, by: Cast.bob, at: .seconds(9))
    }
    _ = try room.answer(.cancel, .application, id: "a", by: Cast.bob, at: .seconds(1))
    #expect(throws: SignalingError.applicationTooOften) {
      try room.apply(id: "b", media: .video, by: Cast.bob, at: .seconds(2.9))
    }
    #expect(abs(room.applicationPause(of: "bob", at: .seconds(2.9)) - 0.1) < 0.01)
    #expect(room.applicationPause(of: "bob", at: .seconds(3)) == 0 && room.applicationPause(of: "eve", at: .zero) == 0)
    #expect(throws: Never.self) { try room.apply(id: "b", media: .video, by: Cast.bob, at: .seconds(3)) }
  }

  @Test("Who is refused waits longer each time, also over a restart, until he is accepted or ten minutes have passed")
  func refusals() throws {
    var room = Cast.room()
    var now = Instant.zero
    for pause in [3.0, 10, 30, 60, 60] {
      _ = try room.apply(id: "a\(now.nanoseconds)", media: .video, by: Cast.bob, at: now)
      now = now.advanced(bySeconds: 5)
      let id = try #require(room.pending.first?.id)
      _ = try room.answer(.reject, .application, id: id, by: Cast.host, at: now)
      #expect(abs(room.applicationPause(of: "bob", at: now) - pause) < 0.001)
      let early = now.advanced(bySeconds: pause - 0.1)
      #expect(throws: SignalingError.applicationTooOften) {
        try room.apply(id: "early", media: .video, by: Cast.bob, at: early)
      }
      #expect(throws: Never.self) {
        var others = room
        _ = try others.apply(id: "e", media: .video, by: Cast.eve, at: early)
      }
      let clock = WallClock(now: early, milliseconds: 1_700_000_000_000)
      let restarted = Room(id: "r", host: Cast.host, memory: room.memory(clock), clock)
      #expect(restarted.applicationPause(of: "bob", at: early) > 0)
      now = now.advanced(bySeconds: pause)
    }
    var later = room
    try refuse(&later, at: now.advanced(bySeconds: 600))
    #expect(abs(later.applicationPause(of: "bob", at: now.advanced(bySeconds: 600)) - 3) < 0.001)
    try Cast.enter(Cast.bob, &room, at: now)
    _ = try room.remove("bob", by: Cast.bob, at: now)
    try refuse(&room, at: now.advanced(bySeconds: 4))
    #expect(abs(room.applicationPause(of: "bob", at: now.advanced(bySeconds: 4)) - 3) < 0.001)
  }

  private func refuse(_ room: inout Room, at now: Instant) throws {
    _ = try room.apply(id: "refused", media: .video, by: Cast.bob, at: now)
    _ = try room.answer(.reject, .application, id: "refused", by: Cast.host, at: now)
  }

  @Test("Nobody invites himself, and who was removed is invited by the host himself only for a minute")
  func invitingTheRemoved() throws {
    var room = try Cast.liveRoom()
    for person in [Cast.bob, Cast.eve] { _ = try room.setAdmin(person, true, by: Cast.host, at: .zero) }
    try Cast.enter(Cast.bob, &room)
    _ = try room.remove("bob", by: Cast.host, at: .zero)
    for (actor, refusal) in [(Cast.bob, SignalingError.forbidden), (Cast.eve, .applicationTooOften)] {
      #expect(throws: refusal) { try room.invite(id: "i", user: Cast.bob, by: actor, at: .seconds(59)) }
    }
    #expect(room.invitationPause(of: "bob", at: .seconds(59)) == 1)
    #expect(room.applicationPause(of: "bob", at: .seconds(59)) == 1)
    let clock = WallClock(now: .seconds(59), milliseconds: 1_700_000_000_000)
    var restarted = Room(id: "r", host: Cast.host, memory: room.memory(clock), clock)
    #expect(throws: SignalingError.applicationTooOften) {
      try restarted.invite(id: "i", user: Cast.bob, by: Cast.eve, at: .seconds(59))
    }
    #expect(throws: SignalingError.applicationTooOften) {
      try room.apply(id: "a", media: .video, by: Cast.bob, at: .seconds(59))
    }
    var later = room
    #expect(throws: Never.self) { try later.invite(id: "i", user: Cast.bob, by: Cast.eve, at: .seconds(60)) }
    #expect(throws: Never.self) { try room.invite(id: "i", user: Cast.bob, by: Cast.host, at: .seconds(1)) }
  }

  @Test("An applicant may be invited at once")
  func invitingAnApplicant() throws {
    var room = Cast.room()
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    #expect(throws: Never.self) { try room.invite(id: "i", user: Cast.bob, by: Cast.eve, at: .zero) }
  }

  @Test(
    "Each answer belongs to one side",
    arguments: [
      (StageRequest.Origin.application, StageRequest.Answer.accept, true),
      (.application, .reject, true), (.application, .cancel, false),
      (.invitation, .accept, false), (.invitation, .reject, false), (.invitation, .cancel, true),
    ])
  func sides(origin: StageRequest.Origin, answer: StageRequest.Answer, isHosts: Bool) throws {
    var room = Cast.room()
    if origin == .application {
      _ = try room.apply(id: "x", media: .video, by: Cast.bob, at: .zero)
    } else {
      _ = try room.invite(id: "x", user: Cast.bob, by: Cast.host, at: .zero)
    }
    let (right, wrong) = isHosts ? (Cast.host, Cast.bob) : (Cast.bob, Cast.host)
    #expect(throws: SignalingError.forbidden) { try room.answer(answer, origin, id: "x", by: wrong, at: .zero) }
    let unknown: SignalingError = origin == .application ? .applicationUnknown : .invitationUnknown
    #expect(throws: unknown) { try room.answer(answer, origin, id: "x", by: Cast.eve, at: .zero) }
    #expect(throws: Never.self) { try room.answer(answer, origin, id: "x", by: right, at: .zero) }
  }

  @Test("Only the host invites, and an accepted invitation withdraws the application of the same user")
  func invitation() throws {
    var room = Cast.room()
    #expect(throws: SignalingError.forbidden) {
      try room.invite(id: "i", user: Cast.eve, by: Cast.bob, at: .zero)
    }
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    _ = try room.invite(id: "i", user: Cast.bob, by: Cast.host, at: .zero)
    _ = try room.answer(.accept, .invitation, id: "i", by: Cast.bob, at: .zero)
    #expect(room.request("a")?.state == .cancelled)
    #expect(room.pending.isEmpty)
    #expect(throws: SignalingError.participantExists) {
      try room.invite(id: "j", user: Cast.bob, by: Cast.host, at: .zero)
    }
  }

  @Test("A full stage refuses applications, invitations and acceptance, and keeps the host's place")
  func fullStage() throws {
    var room = Cast.room()
    _ = try room.set { $0.stage = 2 }
    _ = try room.apply(id: "b", media: .video, by: Cast.bob, at: .zero)
    _ = try room.apply(id: "e", media: .video, by: Cast.eve, at: .zero)
    _ = try room.answer(.accept, .application, id: "b", by: Cast.host, at: .zero)
    #expect(throws: SignalingError.roomFull) {
      try room.answer(.accept, .application, id: "e", by: Cast.host, at: .zero)
    }
    #expect(throws: SignalingError.roomFull) { try room.apply(id: "z", media: .video, by: Cast.zoe, at: .zero) }
    #expect(throws: SignalingError.roomFull) { try room.invite(id: "z", user: Cast.zoe, by: Cast.host, at: .zero) }
    _ = try room.publishStarted(by: Cast.bob, at: .zero)
    #expect(throws: Never.self) { try room.publishStarted(by: Cast.host, at: .zero) }
    #expect(room.seats.first?.role == .host)
  }

  @Test("Applicants say something about themselves, know their place, and hear why they were refused")
  func queue() throws {
    var room = try Cast.liveRoom()
    let long = String(repeating: "x", count: 61)
    #expect(throws: SignalingError.applicationMessageInvalid) {
      try room.apply(id: "b", media: .video, message: long, by: Cast.bob, at: .zero)
    }
    _ = try room.apply(id: "b", media: .video, message: " Me! ", by: Cast.bob, at: .zero)
    _ = try room.invite(id: "i", user: Cast.zoe, by: Cast.host, at: .zero)
    _ = try room.apply(id: "e", media: .audio, by: Cast.eve, at: .zero)
    #expect(room.request("b")?.message == "Me!" && room.pendingApplications == 2)
    #expect(room.position(of: "b") == 1 && room.position(of: "e") == 2 && room.position(of: "i") == nil)
    #expect(throws: SignalingError.reasonInvalid) {
      try room.answer(
        .reject, .application, id: "b", reason: String(repeating: "x", count: 101), by: Cast.host, at: .zero)
    }
    _ = try room.answer(.reject, .application, id: "b", reason: "Later", by: Cast.host, at: .zero)
    #expect(room.request("b")?.reason == "Later" && room.position(of: "e") == 1)
  }

  @Test("Who moves up in the queue is told his new place with the helpers, together and at most once a second")
  func places() throws {
    var room = try Cast.liveRoom()
    let people = (0..<5).map { Person(id: "p\($0)", name: "P\($0)") }
    for person in people { _ = try room.apply(id: "a-\(person.id)", media: .video, by: person, at: .zero) }
    let first = try room.answer(.reject, .application, id: "a-p0", by: Cast.host, at: .seconds(1))
    #expect(moved(first) == ["p1", "p2", "p3", "p4"])
    let audiences = first.compactMap { if case .tell(let audience, .requestChanged) = $0 { audience } else { nil } }
    #expect(audiences.first == .users(["host", "p1"]))
    let second = try room.answer(.cancel, .application, id: "a-p3", by: people[3], at: .seconds(1.2))
    let third = try room.answer(.cancel, .application, id: "a-p1", by: people[1], at: .seconds(1.4))
    #expect(moved(second + third).isEmpty && room.nextDeadline == .seconds(2))
    #expect(moved(room.advance(to: .seconds(2))) == ["p2", "p4"])
    let last = try room.answer(.cancel, .application, id: "a-p4", by: people[4], at: .seconds(9))
    #expect(moved(last).isEmpty && room.position(of: "a-p2") == 1)
  }

  private func moved(_ actions: [RoomAction]) -> [String] {
    actions.events.compactMap { if case .requestChanged(let request) = $0 { request.user.id } else { nil } }
  }

  @Test("A host who takes no applications still invites")
  func closedByHost() throws {
    var room = try Cast.liveRoom()
    _ = try room.set { $0.applications = .closed }
    #expect(throws: SignalingError.applicationClosedByHost) {
      try room.apply(id: "b", media: .video, by: Cast.bob, at: .zero)
    }
    #expect(throws: Never.self) { try room.invite(id: "i", user: Cast.bob, by: Cast.host, at: .zero) }
  }

  @Test("Who leaves the room for 10 s takes his application back, who only reloads the page does not")
  func leftRoom() throws {
    var room = try Cast.liveRoom()
    room.joinAudience(Cast.bob, at: .zero)
    room.joinAudience(Cast.bob, at: .zero)
    _ = try room.apply(id: "b", media: .video, by: Cast.bob, at: .zero)
    room.leaveAudience("bob", at: .seconds(1))
    room.leaveAudience("bob", at: .seconds(2))
    room.joinAudience(Cast.bob, at: .seconds(11))
    _ = room.advance(to: .seconds(13))
    #expect(room.request("b")?.state == .pending)
    room.leaveAudience("bob", at: .seconds(14))
    #expect(room.advance(to: .seconds(24)).events.contains(.applicationCount(0)))
    #expect(room.request("b")?.state == .cancelled && room.request("b")?.reason == "left")
  }

  @Test("An application that ran out of time on a full stage says so")
  func fullUntilTheEnd() throws {
    var room = try Cast.liveRoom()
    _ = try room.set { $0.stage = 2 }
    _ = try room.apply(id: "b", media: .video, by: Cast.bob, at: .zero)
    _ = try room.invite(id: "e", user: Cast.eve, by: Cast.host, at: .zero)
    _ = try room.answer(.accept, .invitation, id: "e", by: Cast.eve, at: .seconds(29))
    _ = room.advance(to: .seconds(30))
    #expect(room.request("b")?.state == .expired && room.request("b")?.reason == "room.full")
  }
}
