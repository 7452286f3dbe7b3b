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
