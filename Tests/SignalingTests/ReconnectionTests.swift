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
    #expect(lost.events == [.participantUpdated(try #require(room.seat(of: "bob")))] && lost.contains(.persist))
    #expect(state("bob", room) == .reconnecting(until: .seconds(34)))
    #expect(room.participants.count == 2)
    #expect(room.advance(to: .seconds(33)).isEmpty)
    _ = room.connectionRestored(of: "bob", at: .zero)
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
    #expect(actions.events == [.participantLeft(Cast.bob, .lost), .seatsChanged])
    #expect(actions.contains(.closeStage(user: "bob")))
    #expect(throws: SignalingError.seatRequired) { try room.publishStarted(by: Cast.bob, at: .seconds(40)) }
    #expect(throws: Never.self) { try room.apply(id: "again", media: .video, by: Cast.bob, at: .seconds(40)) }
  }

  @Test("Who publishes again in time keeps seat, place and controls")
  func comesBack() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    try Cast.enter(Cast.eve, &room)
    _ = try room.control("bob", ControlsChange(muted: true), by: Cast.host, at: .zero)
    _ = room.connectionLost(of: "bob", at: .seconds(5))
    _ = room.publishStopped(by: "bob", .lost, at: .seconds(30))
    let started = try room.publishStarted(by: Cast.bob, at: .seconds(33))
    #expect(started.events == [.participantUpdated(try #require(room.seat(of: "bob")))])
    #expect(room.advance(to: .seconds(35)).isEmpty)
    let back = room.mediaArrived(from: "bob", video: true, audio: true, at: .zero)
    #expect(state("bob", room) == .live)
    var muted = Controls()
    muted.muted = true
    #expect(back.contains(.setControls(user: "bob", muted)))
    #expect(room.participants.map(\.user.id) == ["host", "bob", "eve"])
  }

  @Test("A host's short silence leaves the room live; after 25 s it waits until he is heard again")
  func hostSilence() throws {
    var room = try Cast.liveRoom()
    _ = room.connectionLost(of: "host", at: .seconds(5))
    #expect(room.advance(to: .seconds(8)).isEmpty && room.status == .live)
    _ = room.connectionRestored(of: "host", at: .seconds(8))
    #expect(room.advance(to: .seconds(30)).isEmpty && room.status == .live)

    _ = room.connectionLost(of: "host", at: .seconds(35))
    #expect(room.advance(to: .seconds(54)).isEmpty && room.status == .live)
    #expect(room.advance(to: .seconds(55)).events == [.roomUpdated] && room.status == .waiting)
    #expect(room.connectionRestored(of: "host", at: .seconds(57)).events.contains(.roomUpdated))
    #expect(room.status == .live)
  }

  @Test("A host who publishes anew leaves the room live, and has 25 s to be seen")
  func hostAgain() throws {
    var room = try Cast.liveRoom()
    _ = room.publishStopped(by: "host", .lost, at: .seconds(30))
    _ = try room.publishStarted(by: Cast.host, at: .seconds(31))
    #expect(room.status == .live && state("host", room) == .reconnecting(until: .seconds(60)))
    _ = room.mediaArrived(from: "host", video: true, audio: true, at: .seconds(33))
    #expect(state("host", room) == .live && room.advance(to: .seconds(100)).isEmpty)

    _ = room.publishStopped(by: "host", .lost, at: .seconds(100))
    _ = room.advance(to: .seconds(125))
    #expect(room.status == .waiting && state("host", room) != nil)
    #expect(room.advance(to: .seconds(129)).events == [.participantLeft(Cast.host, .lost)])
    #expect(throws: Never.self) { try room.publishStarted(by: Cast.host, at: .seconds(130)) }
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
    let actions = try room.remove("bob", by: actor, at: .zero)
    #expect(actions.contains(.closeStage(user: "bob")))
    #expect(room.seat(of: "bob") == nil && room.advance(to: .seconds(100)).isEmpty)
  }

  @Test("Nobody reconnects who was not live")
  func others() throws {
    var room = Cast.room()
    #expect(room.connectionLost(of: "host", at: .zero).isEmpty)
    _ = try room.publishStarted(by: Cast.host, at: .zero)
    #expect(room.connectionLost(of: "host", at: .zero).isEmpty)
    #expect(state("host", room) == .connecting(until: nil))
    #expect(
      room.connectionRestored(of: "host", at: .zero).isEmpty && room.connectionRestored(of: "eve", at: .zero).isEmpty)
  }
}
