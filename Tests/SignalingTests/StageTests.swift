import Signaling
import Testing

@Suite struct StageTests {
  @Test("A room is live from the host's first media until he leaves")
  func status() throws {
    var room = Cast.room()
    _ = try room.publishStarted(by: Cast.host, at: .zero)
    #expect(room.status == .waiting)
    let actions = room.mediaArrived(from: "host", video: true, audio: false, at: .zero)
    #expect(room.status == .live)
    #expect(actions.contains(.persist) && actions.events.contains(.roomUpdated))
    let stopped = room.publishStopped(by: "host", .left, at: .zero)
    #expect(room.status == .waiting)
    #expect(stopped.contains(.closeStage(user: "host")))
  }

  @Test("A co-host's media does not make a room live")
  func cohostAlone() throws {
    var room = Cast.room()
    try Cast.enter(Cast.bob, &room)
    #expect(room.status == .waiting)
  }

  @Test("A co-host who stops publishing leaves at once and must apply again")
  func leaving() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    let actions = room.publishStopped(by: "bob", .left, at: .seconds(1))
    #expect(actions.events == [.participantLeft(Cast.bob, .left), .seatsChanged])
    #expect(room.seat(of: "bob") == nil)
    #expect(throws: SignalingError.seatRequired) { try room.publishStarted(by: Cast.bob, at: .seconds(1)) }
  }

  /// A live room in which Bob has a seat until 30 s.
  private func promised() throws -> Room {
    var room = try Cast.liveRoom()
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    _ = try room.answer(.accept, .application, id: "a", by: Cast.host, at: .zero)
    return room
  }

  @Test("A co-host who was never seen and whose session fails keeps his reservation")
  func failedStart() throws {
    var room = try promised()
    _ = try room.publishStarted(by: Cast.bob, at: .zero)
    #expect(room.publishStopped(by: "bob", .lost, at: .zero).events == [.participantLeft(Cast.bob, .lost)])
    #expect(throws: Never.self) { try room.publishStarted(by: Cast.bob, at: .seconds(29)) }
  }

  @Test("Publishing that fails again and again gives no time beyond the 30 s that were promised")
  func failedStarts() throws {
    var room = try promised()
    for second in [12.0, 24, 29] {
      _ = try room.publishStarted(by: Cast.bob, at: .seconds(second))
      _ = room.publishStopped(by: "bob", .lost, at: .seconds(second + 0.1))
      #expect(room.nextDeadline == .seconds(30))
    }
    let actions = room.advance(to: .seconds(30))
    #expect(actions.events == [.participantLeft(Cast.bob, .lost), .seatsChanged] && !room.hasCohosts)
    #expect(throws: SignalingError.seatRequired) { try room.publishStarted(by: Cast.bob, at: .seconds(31)) }
  }

  @Test("Who publishes and is never seen loses his seat 15 s after the promise, and everybody is told why")
  func neverSeen() throws {
    var room = try promised()
    for second in [5.0, 20, 44] { _ = try room.publishStarted(by: Cast.bob, at: .seconds(second)) }
    #expect(room.nextDeadline == .seconds(45))
    var late = room
    #expect(late.publishStopped(by: "bob", .lost, at: .seconds(44)).contains(.closeStage(user: "bob")))
    #expect(!late.hasCohosts)
    let actions = room.advance(to: .seconds(45))
    #expect(actions.contains(.tell(.everyone, .participantLeft(Cast.bob, .noMedia))))
    #expect(actions.contains(.closeStage(user: "bob")) && !room.hasCohosts)
    try Cast.enter(Cast.eve, &room, at: .seconds(50))
    #expect(room.advance(to: .seconds(1000)).events.allSatisfy { $0 != .participantLeft(Cast.eve, .noMedia) })
  }

  @Test("The host's place waits for his media as long as it takes")
  func hostNeverSeen() throws {
    var room = Cast.room()
    _ = try room.publishStarted(by: Cast.host, at: .zero)
    _ = room.advance(to: .seconds(1000))
    #expect(room.seat(of: "host")?.state == .connecting(until: nil))
  }

  @Test("The host removes anybody, a co-host only himself, a viewer nobody")
  func removal() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    #expect(throws: SignalingError.forbidden) { try room.remove("host", by: Cast.bob, at: .zero) }
    #expect(throws: SignalingError.forbidden) { try room.remove("bob", by: Cast.eve, at: .zero) }
    let actions = try room.remove("bob", by: Cast.host, at: .zero)
    #expect(actions.events == [.participantLeft(Cast.bob, .kicked), .seatsChanged])
    #expect(actions.contains(.closeStage(user: "bob")))
    #expect(throws: SignalingError.participantUnknown) { try room.remove("bob", by: Cast.host, at: .zero) }
  }

  @Test("Controls: the host's for all, a co-host's for himself, and only sensible volumes")
  func controls() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    let actions = try room.control("bob", ControlsChange(muted: true), by: Cast.host, at: .zero)
    var wanted = Controls()
    wanted.muted = true
    #expect(actions.first == .setControls(user: "bob", wanted))
    #expect(throws: Never.self) { try room.control("bob", ControlsChange(camera: false), by: Cast.bob, at: .zero) }
    #expect(throws: SignalingError.forbidden) {
      try room.control("host", ControlsChange(muted: true), by: Cast.bob, at: .zero)
    }
    for volume in [-0.1, 2.1, .nan, .infinity] {
      #expect(throws: SignalingError.volumeInvalid) {
        try room.control("bob", ControlsChange(volume: volume), by: Cast.host, at: .zero)
      }
    }
    #expect(try room.control("bob", ControlsChange(muted: true), by: Cast.host, at: .zero).isEmpty)
  }

  @Test("Controls survive a lost connection and are applied again")
  func controlsAgain() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.control("bob", ControlsChange(volume: 0.5), by: Cast.host, at: .zero)
    _ = room.publishStopped(by: "bob", .lost, at: .zero)
    #expect(try room.publishStarted(by: Cast.bob, at: .zero).events.count == 1)
    let actions = room.mediaArrived(from: "bob", video: true, audio: true, at: .zero)
    var wanted = Controls()
    wanted.volume = 0.5
    #expect(actions.contains(.setControls(user: "bob", wanted)))
  }

  @Test("Controls are applied again after a silence during which the publication itself stayed")
  func controlsAfterSilence() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = room.mediaArrived(from: "bob", video: true, audio: true, at: .zero)
    _ = room.mediaArrived(from: "bob", video: false, audio: false, at: .zero)
    _ = try room.control("bob", ControlsChange(muted: true), by: Cast.host, at: .zero)
    var wanted = Controls()
    wanted.muted = true
    #expect(
      room.mediaArrived(from: "bob", video: false, audio: true, at: .zero).contains(.setControls(user: "bob", wanted)))
    #expect(
      !room.mediaArrived(from: "bob", video: true, audio: true, at: .zero).contains(.setControls(user: "bob", wanted)))
  }

  @Test("A seat for sound has its camera off, again and again, until a helper turns it on")
  func soundOnly() throws {
    var room = try Cast.liveRoom()
    _ = try room.apply(id: "a", media: .audio, by: Cast.bob, at: .zero)
    _ = try room.answer(.accept, .application, id: "a", by: Cast.host, at: .zero)
    _ = try room.publishStarted(by: Cast.bob, at: .zero)
    var hidden = Controls()
    hidden.camera = false
    for _ in 0..<2 {
      let actions = room.mediaArrived(from: "bob", video: true, audio: true, at: .zero)
      #expect(actions.contains(.setControls(user: "bob", hidden)))
      #expect(room.seat(of: "bob")?.hasVideo == false && room.seat(of: "bob")?.isSoundOnly == true)
      _ = room.publishStopped(by: "bob", .lost, at: .zero)
      _ = try room.publishStarted(by: Cast.bob, at: .zero)
    }
    let on = ControlsChange(camera: true)
    #expect(throws: SignalingError.participantMutedByHost) { try room.control("bob", on, by: Cast.bob, at: .zero) }
    #expect(try room.control("bob", on, by: Cast.host, at: .zero).contains(.setControls(user: "bob", Controls())))
    _ = room.mediaArrived(from: "bob", video: true, audio: true, at: .zero)
    #expect(room.seat(of: "bob")?.hasVideo == true && room.seat(of: "bob")?.isSoundOnly == false)
  }

  @Test("Who receives whom: participants each other, nobody himself, viewers nobody")
  func receiving() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    #expect(throws: Never.self) { try room.requireReceiving(Cast.bob, from: "host", at: .zero) }
    #expect(throws: Never.self) { try room.requireReceiving(Cast.host, from: "bob", at: .zero) }
    #expect(throws: SignalingError.participantUnknown) { try room.requireReceiving(Cast.bob, from: "bob", at: .zero) }
    #expect(throws: SignalingError.participantUnknown) { try room.requireReceiving(Cast.bob, from: "eve", at: .zero) }
    #expect(throws: SignalingError.forbidden) { try room.requireReceiving(Cast.eve, from: "host", at: .zero) }
  }

  @Test("The end closes everything, and nothing is possible afterwards")
  func end() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.apply(id: "e", media: .video, by: Cast.eve, at: .zero)
    #expect(throws: SignalingError.forbidden) { try room.end(by: Cast.bob, at: .zero) }
    let actions = try room.end(by: Cast.host, at: .zero)
    #expect(actions.last == .closeRoom && actions.contains(.persist))
    #expect(room.seats.isEmpty && room.pending.isEmpty && room.nextDeadline == nil)
    #expect(throws: SignalingError.roomEnded) { try room.publishStarted(by: Cast.host, at: .zero) }
    #expect(throws: SignalingError.roomEnded) { try room.say(id: "m", .text, "hi", by: Cast.bob, at: .zero) }
    #expect(throws: SignalingError.roomEnded) { try room.end(by: Cast.host, at: .zero) }
  }
}
