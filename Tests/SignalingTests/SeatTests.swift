import Signaling
import Testing

@Suite struct SeatTests {
  private func states(_ room: Room) -> [SeatPlace.State] { room.places.map(\.state) }

  @Test("Seats are numbered from the host's, and the first free one is given")
  func numbers() throws {
    var room = try Cast.liveRoom()
    _ = try room.set { $0.stage = 4 }
    try Cast.enter(Cast.bob, &room)
    try Cast.enter(Cast.eve, &room)
    #expect(room.places.map(\.user) == [Cast.host, Cast.bob, Cast.eve, nil])
    _ = try room.remove("bob", by: Cast.bob, at: .zero)
    #expect(states(room) == [.taken, .free, .taken, .free])
    try Cast.enter(Cast.zoe, &room)
    #expect(room.seat(of: "zoe")?.index == 1 && room.participants.map(\.user.id) == ["host", "eve", "zoe"])
  }

  @Test("A locked seat is no space, and only a free one is locked")
  func locks() throws {
    var room = try Cast.liveRoom()
    _ = try room.set { $0.stage = 3 }
    try Cast.enter(Cast.bob, &room)
    #expect(try room.lockSeat(2, true, by: Cast.host, at: .zero) == [.persist, .tell(.everyone, .seatsChanged)])
    #expect(try room.lockSeat(2, true, by: Cast.host, at: .zero).isEmpty)
    #expect(states(room) == [.taken, .taken, .locked])
    #expect(throws: SignalingError.roomFull) { try room.apply(id: "e", media: .video, by: Cast.eve, at: .zero) }
    for taken in [0, 1] {
      #expect(throws: SignalingError.seatTaken) { try room.lockSeat(taken, true, by: Cast.host, at: .zero) }
      #expect(try room.lockSeat(taken, false, by: Cast.host, at: .zero).isEmpty)
    }
    for unknown in [-1, 3] {
      #expect(throws: SignalingError.seatUnknown) { try room.lockSeat(unknown, true, by: Cast.host, at: .zero) }
    }
    #expect(throws: SignalingError.forbidden) { try room.lockSeat(2, false, by: Cast.bob, at: .zero) }
    _ = try room.lockSeat(2, false, by: Cast.host, at: .zero)
    #expect(throws: Never.self) { try room.apply(id: "e", media: .video, by: Cast.eve, at: .zero) }
  }

  @Test("A stage does not shrink under somebody's seat, and forgets the locks it loses")
  func shrinking() throws {
    var room = try Cast.liveRoom()
    _ = try room.lockSeat(1, true, by: Cast.host, at: .zero)
    _ = try room.lockSeat(7, true, by: Cast.host, at: .zero)
    try Cast.enter(Cast.bob, &room)
    #expect(throws: SignalingError.stageOccupied) { try room.set { $0.stage = 2 } }
    #expect(try room.set { $0.stage = 3 }.events == [.roomUpdated, .seatsChanged])
    #expect(states(room) == [.taken, .locked, .taken])
    _ = try room.set { $0.stage = 8 }
    #expect(states(room).suffix(5) == [.free, .free, .free, .free, .free])
  }

  @Test("What somebody else has turned off or down stays so until a helper turns it on")
  func restraint() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.control("bob", ControlsChange(muted: true, volume: 0.5, camera: false), by: Cast.host, at: .zero)
    for change in [ControlsChange(muted: false), ControlsChange(volume: 0.6), ControlsChange(camera: true)] {
      #expect(throws: SignalingError.participantMutedByHost) {
        try room.control("bob", change, by: Cast.bob, at: .zero)
      }
    }
    #expect(throws: Never.self) {
      try room.control("bob", ControlsChange(muted: true, volume: 0.2), by: Cast.bob, at: .zero)
    }
    _ = try room.control("bob", ControlsChange(muted: false, volume: 1, camera: true), by: Cast.host, at: .zero)
    let own = ControlsChange(muted: true, volume: 0.9, camera: false)
    _ = try room.control("bob", own, by: Cast.bob, at: .zero)
    _ = try room.control("bob", ControlsChange(muted: false, camera: true), by: Cast.bob, at: .zero)
    #expect(room.seat(of: "bob")?.controls.muted == false && room.seat(of: "bob")?.controls.camera == true)
  }

  @Test("Turning off what its owner has turned off already binds him too")
  func restraintOverOwn() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.control("bob", ControlsChange(muted: true), by: Cast.bob, at: .zero)
    let actions = try room.control("bob", ControlsChange(muted: true), by: Cast.host, at: .zero)
    #expect(actions.events.count == 1 && room.seat(of: "bob")?.restraint.muted == true)
    #expect(throws: SignalingError.participantMutedByHost) {
      try room.control("bob", ControlsChange(muted: false), by: Cast.bob, at: .zero)
    }
  }

  @Test(
    "An admin restrains, but undoes nothing that the host or an operator has decided",
    arguments: [Cast.host, Cast.boss])
  func firmRestraint(imposer: Person) throws {
    var room = try Cast.liveRoom()
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    try Cast.enter(Cast.bob, &room)
    _ = try room.control("bob", ControlsChange(muted: true, volume: 0.5), by: imposer, at: .zero)
    for change in [ControlsChange(muted: false), ControlsChange(volume: 0.6)] {
      #expect(throws: SignalingError.participantMutedByHost) {
        try room.control("bob", change, by: Cast.eve, at: .zero)
      }
    }
    _ = try room.control("bob", ControlsChange(volume: 0.2, camera: false), by: Cast.eve, at: .zero)
    _ = try room.control("bob", ControlsChange(volume: 0.5, camera: true), by: Cast.eve, at: .zero)
    _ = try room.control("bob", ControlsChange(muted: false), by: imposer, at: .zero)
    #expect(room.seat(of: "bob")?.restraint.muted == false && room.seat(of: "bob")?.restraint.volume == 0.5)
    _ = try room.control("bob", ControlsChange(muted: true), by: Cast.eve, at: .zero)
    #expect(throws: Never.self) { try room.control("bob", ControlsChange(muted: false), by: Cast.eve, at: .zero) }
  }

  @Test("Who leaves the stage and comes back is restrained as before, also after a restart, until the show is over")
  func restraintStays() throws {
    var room = try Cast.liveRoom()
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    try Cast.enter(Cast.bob, &room)
    _ = try room.control("bob", ControlsChange(muted: true), by: Cast.host, at: .zero)
    _ = try room.remove("bob", by: Cast.bob, at: .seconds(10))
    let clock = WallClock(now: .seconds(11), milliseconds: 1_700_000_000_000)
    for var room in [room, Room(id: "r", host: Cast.host, memory: room.memory(clock), clock)] {
      _ = try room.invite(id: "i", user: Cast.bob, by: Cast.eve, at: .seconds(12))
      _ = try room.answer(.accept, .invitation, id: "i", by: Cast.bob, at: .seconds(12))
      _ = try room.publishStarted(by: Cast.bob, at: .seconds(13))
      var muted = Controls()
      muted.muted = true
      let actions = room.mediaArrived(from: "bob", video: true, audio: true, at: .seconds(14))
      #expect(actions.contains(.setControls(user: "bob", muted)))
      for actor in [Cast.bob, Cast.eve] {
        #expect(throws: SignalingError.participantMutedByHost) {
          try room.control("bob", ControlsChange(muted: false), by: actor, at: .seconds(15))
        }
      }
      _ = try room.control("bob", ControlsChange(muted: false), by: Cast.host, at: .seconds(16))
      _ = try room.remove("bob", by: Cast.bob, at: .seconds(17))
      try Cast.enter(Cast.bob, &room, at: .seconds(18))
      #expect(room.seat(of: "bob")?.restraint.muted == false)
    }
    _ = try room.close(forGood: true, by: Cast.boss, at: .seconds(20))
    _ = try room.lift(reopens: true, by: Cast.boss, at: .seconds(21))
    try Cast.enter(Cast.bob, &room, at: .seconds(22))
    #expect(room.seat(of: "bob")?.controls == Controls())
  }

  @Test("A seat for sound says nothing about the next seat, unless the host has turned the camera off")
  func soundOnlyOnce() throws {
    for isOff in [false, true] {
      var room = try Cast.liveRoom()
      _ = try room.apply(id: "b", media: .audio, by: Cast.bob, at: .zero)
      _ = try room.answer(.accept, .application, id: "b", by: Cast.host, at: .zero)
      _ = try room.publishStarted(by: Cast.bob, at: .zero)
      if isOff { _ = try room.control("bob", ControlsChange(camera: false), by: Cast.host, at: .zero) }
      _ = try room.remove("bob", by: Cast.bob, at: .zero)
      try Cast.enter(Cast.bob, &room, at: .seconds(5))
      #expect(room.seat(of: "bob")?.controls.camera == !isOff)
    }
  }

  @Test("Who was removed waits a minute before he applies again; an invitation is welcome at once")
  func kickInterval() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.remove("bob", by: Cast.host, at: .seconds(10))
    #expect(throws: SignalingError.applicationTooOften) {
      try room.apply(id: "b", media: .video, by: Cast.bob, at: .seconds(69))
    }
    #expect(throws: Never.self) { try room.invite(id: "i", user: Cast.bob, by: Cast.host, at: .seconds(11)) }
    #expect(throws: Never.self) { try room.apply(id: "b", media: .video, by: Cast.bob, at: .seconds(70)) }
  }
}
