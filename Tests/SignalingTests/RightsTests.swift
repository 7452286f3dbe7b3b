import Signaling
import Testing

@Suite struct RightsTests {
  @Test("Every right belongs to somebody, and an operator has whatever an admin has")
  func table() {
    for permission in Permission.allCases {
      #expect(!permission.holders.isEmpty, "\(permission)")
      if permission.holders.contains(.admin) { #expect(permission.holders.contains(.operator), "\(permission)") }
      #expect(!permission.isGranted(to: []))
    }
  }

  @Test("What somebody is in a room follows from seat, admin list and operator mark")
  func standings() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    #expect(room.standings(of: Cast.host, at: .zero) == [.host])
    #expect(room.standings(of: Cast.bob, at: .zero) == [.cohost, .admin])
    #expect(room.standings(of: Cast.eve, at: .zero) == [.viewer, .admin])
    #expect(room.standings(of: Cast.boss, at: .zero) == [.viewer, .operator])
    #expect(room.role(of: "bob") == .cohost && room.role(of: "eve") == .admin && room.role(of: "zoe") == .viewer)
  }

  @Test("Only the host makes admins, of everybody but himself, and of a bounded number")
  func admins() throws {
    var room = Cast.room { $0.admins = 2 }
    #expect(throws: SignalingError.forbidden) { try room.setAdmin(Cast.eve, true, by: Cast.boss, at: .zero) }
    #expect(throws: SignalingError.adminIsHost) { try room.setAdmin(Cast.host, true, by: Cast.host, at: .zero) }
    let actions = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    #expect(actions == [.persist, .tell(.everyone, .adminChanged(Cast.eve, isAdmin: true))])
    #expect(try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero).isEmpty)
    #expect(throws: SignalingError.forbidden) { try room.setAdmin(Cast.bob, true, by: Cast.eve, at: .zero) }
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    #expect(throws: SignalingError.adminLimit) { try room.setAdmin(Cast.zoe, true, by: Cast.host, at: .zero) }
    _ = try room.setAdmin(Cast.eve, false, by: Cast.host, at: .zero)
    #expect(!room.isAdmin("eve") && room.helpers == ["host", "bob"])
  }

  @Test("A platform ban takes seat, requests and rights, and stores only what has changed")
  func banish() throws {
    var room = try Cast.liveRoom()
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    _ = try room.apply(id: "b", media: .video, by: Cast.bob, at: .zero)
    _ = try room.apply(id: "e", media: .video, by: Cast.eve, at: .zero)
    _ = try room.answer(.accept, .application, id: "e", by: Cast.host, at: .zero)
    let bob = room.banish("bob", at: .seconds(1))
    #expect(bob.first == .expel(user: "bob") && bob.contains(.persist))
    #expect(bob.events.contains(.adminChanged(Cast.bob, isAdmin: false)) && !room.isAdmin("bob"))
    #expect(room.request("b")?.state == .cancelled && room.request("b")?.reason == "kicked")
    #expect(throws: SignalingError.applicationClosed) {
      try room.answer(.accept, .application, id: "b", by: Cast.host, at: .seconds(1))
    }
    _ = room.banish("eve", at: .seconds(1))
    #expect(room.seat(of: "eve") == nil && room.places[1].state == .free)
    #expect(room.banish("zoe", at: .seconds(1)) == [.expel(user: "zoe")])
  }

  @Test("Points come from the audience, not from host, co-hosts and admins")
  func points() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    for (person, counts) in [(Cast.host, false), (Cast.bob, false), (Cast.eve, false), (Cast.zoe, true)] {
      let actions = try room.like(2, by: person, at: .zero)
      let counted = room.counted(actions, by: person)
      #expect(counted.contains(.chat(.score(2))) == counts, "\(person.name)")
      #expect(counted.count == (counts ? actions.count : actions.count - 1))
    }
  }

  @Test("Admins answer and invite, but act neither against the host nor against each other")
  func rank() throws {
    var room = try Cast.liveRoom()
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    _ = try room.apply(id: "z", media: .video, by: Cast.zoe, at: .zero)
    #expect(room.requests(.application, for: Cast.eve, at: .zero).map(\.id) == ["z"])
    #expect(room.requests(.application, for: Cast.bob, at: .zero).isEmpty)
    _ = try room.answer(.accept, .application, id: "z", by: Cast.eve, at: .zero)
    _ = try room.publishStarted(by: Cast.zoe, at: .zero)
    try Cast.enter(Cast.bob, &room)
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    let mute = ControlsChange(muted: true)
    for target in ["host", "bob"] {
      #expect(throws: SignalingError.forbidden) { try room.control(target, mute, by: Cast.eve, at: .zero) }
      #expect(throws: SignalingError.forbidden) { try room.remove(target, by: Cast.eve, at: .zero) }
    }
    #expect(throws: SignalingError.forbidden) { try room.control("host", mute, by: Cast.boss, at: .zero) }
    #expect(throws: Never.self) { try room.control("bob", mute, by: Cast.boss, at: .zero) }
    #expect(throws: Never.self) { try room.remove("zoe", by: Cast.eve, at: .zero) }
  }
}
