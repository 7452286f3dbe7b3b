import Signaling
import Testing

/// What becomes of people whose connection is lost.
@Suite struct ReconnectionTests {
  func state(_ user: String, _ room: Room) -> Seat.State? { room.seat(of: user)?.state }

  @Test("Who falls silent is reconnecting for all to see, and live again when he is heard")
  func silence() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    let lost = room.connectionLost(of: "bob", at: .seconds(5))
    #expect(lost.events == [.participantUpdated(try #require(room.seat(of: "bob")))])
    #expect(state("bob", room) == .reconnecting(until: .seconds(34)))
    #expect(room.participants.count == 2)
    #expect(room.advance(to: .seconds(33)).isEmpty)
    _ = room.connectionRestored(of: "bob")
    #expect(state("bob", room) == .live)
    #expect(room.advance(to: .seconds(100)).isEmpty)
  }

  @Test("Who stays away loses his seat 34 s after he was last heard, and everybody is told")
  func staysAway() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = room.connectionLost(of: "bob", at: .seconds(5))
    // The session itself ends after 30 s; that gives no further time.
    #expect(room.publishStopped(by: "bob", .lost, at: .seconds(30)).isEmpty)
    #expect(room.nextDeadline == .seconds(34))
    let actions = room.advance(to: .seconds(34))
    #expect(actions == [.tell(.everyone, .participantLeft(Cast.bob, .lost)), .closeStage(user: "bob")])
    #expect(throws: SignalingError.seatRequired) { try room.publishStarted(by: "bob", at: .seconds(40)) }
    #expect(throws: Never.self) { try room.apply(id: "again", media: .video, by: Cast.bob, at: .seconds(40)) }
  }

  @Test("Who publishes again in time keeps seat, place and controls")
  func comesBack() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    try Cast.enter(Cast.eve, &room)
    _ = try room.control("bob", ControlsChange(muted: true), by: Cast.host)
    _ = room.connectionLost(of: "bob", at: .seconds(5))
    _ = room.publishStopped(by: "bob", .lost, at: .seconds(30))
    let started = try room.publishStarted(by: "bob", at: .seconds(33))
    #expect(started.events == [.participantUpdated(try #require(room.seat(of: "bob")))])
    #expect(room.advance(to: .seconds(35)).isEmpty)
    let back = room.mediaArrived(from: "bob", video: true, audio: true)
    #expect(state("bob", room) == .live)
    var muted = Controls()
    muted.muted = true
    #expect(back.contains(.setControls(user: "bob", muted)))
    #expect(room.participants.map(\.user.id) == ["host", "bob", "eve"])
  }

  @Test("A host who falls silent, or publishes anew, leaves the room live until his time is over")
  func host() throws {
    var room = try Cast.liveRoom()
    _ = room.connectionLost(of: "host", at: .seconds(5))
    #expect(room.status == .live)
    _ = room.publishStopped(by: "host", .lost, at: .seconds(30))
    _ = try room.publishStarted(by: "host", at: .seconds(31))
    #expect(room.status == .live)
    _ = room.mediaArrived(from: "host", video: true, audio: true)
    #expect(state("host", room) == .live)

    _ = room.publishStopped(by: "host", .lost, at: .seconds(50))
    #expect(room.status == .live)
    let actions = room.advance(to: .seconds(79))
    #expect(room.status == .waiting)
    #expect(actions.events == [.participantLeft(Cast.host, .lost), .roomUpdated])
    #expect(throws: Never.self) { try room.publishStarted(by: "host", at: .seconds(90)) }
  }

  @Test("A session that ends without a word gives the same time as silence does")
  func closedAtOnce() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    #expect(room.publishStopped(by: "bob", .lost, at: .seconds(1)).events.count == 1)
    #expect(state("bob", room) == .reconnecting(until: .seconds(30)))
  }

  @Test("Who leaves, or is removed, while he reconnects is gone at once", arguments: [Cast.bob, Cast.host])
  func removed(actor: Person) throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = room.connectionLost(of: "bob", at: .zero)
    let actions = try room.remove("bob", by: actor)
    #expect(actions.contains(.closeStage(user: "bob")))
    #expect(room.seat(of: "bob") == nil && room.advance(to: .seconds(100)).isEmpty)
  }

  @Test("Nobody reconnects who was not live")
  func others() throws {
    var room = Cast.room()
    #expect(room.connectionLost(of: "host", at: .zero).isEmpty)
    _ = try room.publishStarted(by: "host", at: .zero)
    #expect(room.connectionLost(of: "host", at: .zero).isEmpty)
    #expect(state("host", room) == .connecting)
    #expect(room.connectionRestored(of: "host").isEmpty && room.connectionRestored(of: "eve").isEmpty)
  }
}
