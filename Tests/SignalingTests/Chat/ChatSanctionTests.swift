import Signaling
import Testing

@Suite struct ChatSanctionTests {
  @Test("A muted admin does not lift his own mute, nor make it shorter")
  func ownMute() throws {
    var room = Cast.room()
    for admin in [Cast.eve, Cast.zoe] { _ = try room.setAdmin(admin, true, by: Cast.host, at: .zero) }
    _ = try room.mute(Cast.eve, SanctionTerms(), by: Cast.host, at: .zero)
    #expect(throws: SignalingError.forbidden) { try room.unmute("eve", by: Cast.eve, at: .zero) }
    #expect(throws: SignalingError.forbidden) {
      try room.mute(Cast.eve, SanctionTerms(seconds: 1), by: Cast.eve, at: .zero)
    }
    #expect(throws: SignalingError.chatMuted) { try room.say(id: "a", .text, "x", by: Cast.eve, at: .seconds(2)) }
    #expect(throws: Never.self) { try room.unmute("zoe", by: Cast.zoe, at: .zero) }
  }

  @Test("What the host or an operator imposed is not for admins to lift or change, what an admin imposed is")
  func imposedFromAbove() throws {
    var room = Cast.room()
    for admin in [Cast.eve, Cast.zoe] { _ = try room.setAdmin(admin, true, by: Cast.host, at: .zero) }
    for (actor, isForAdmins) in [(Cast.host, false), (Cast.boss, false), (Cast.eve, true)] {
      var muted = room
      _ = try muted.mute(Cast.bob, SanctionTerms(seconds: 60), by: actor, at: .zero)
      for helper in [Cast.host, Cast.boss, Cast.zoe] {
        var (lifted, changed) = (muted, muted)
        let lifts = (try? lifted.unmute("bob", by: helper, at: .seconds(1))) != nil
        let changes = (try? changed.mute(Cast.bob, SanctionTerms(seconds: 1), by: helper, at: .seconds(1))) != nil
        #expect(lifts == (helper != Cast.zoe || isForAdmins) && changes == lifts, "\(actor.name), \(helper.name)")
      }
      #expect(throws: Never.self) { try muted.unmute("bob", by: Cast.zoe, at: .seconds(60)) }
    }
  }
}
