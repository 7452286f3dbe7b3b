import Signaling
import Testing

@Suite struct RoomLifeTests {
  @Test("A room whose host does not come back ends two minutes after he was last heard")
  func abandoned() throws {
    var room = try Cast.liveRoom()
    room.joinAudience(Cast.host, at: .zero)
    _ = room.connectionLost(of: "host", at: .seconds(15))
    _ = room.advance(to: .seconds(129))
    #expect(room.status == .waiting)
    let actions = room.advance(to: .seconds(130))
    #expect(room.status == .ended && room.endReason == .abandoned && room.ended == .seconds(130))
    #expect(actions.last == .closeRoom && actions.contains(.persist) && actions.events.contains(.roomEnded))
  }

  @Test("A host who stops on purpose may pause for half an hour, and as long as he likes with his page open")
  func stopped() throws {
    var room = try Cast.liveRoom()
    _ = room.publishStopped(by: "host", .left, at: .seconds(10))
    #expect(room.status == .waiting && room.abandonmentDeadline == .seconds(1810))
    room.joinAudience(Cast.host, at: .seconds(15))
    #expect(room.status == .waiting && room.abandonmentDeadline == nil)
    _ = try room.publishStarted(by: Cast.host, at: .seconds(20))
    _ = room.mediaArrived(from: "host", video: true, audio: false, at: .seconds(21))
    room.leaveAudience("host", at: .seconds(22))
    _ = room.advance(to: .seconds(30))
    #expect(room.status == .live && room.nextDeadline == nil && room.started == .zero)
  }

  @Test("A room that its host never comes to ends after half an hour; his socket keeps it")
  func unused() throws {
    var room = Cast.room()
    #expect(room.nextDeadline == .seconds(1800))
    room.joinAudience(Cast.bob, at: .seconds(5))
    room.joinAudience(Cast.host, at: .seconds(10))
    _ = room.advance(to: .seconds(1800))
    #expect(room.status == .waiting)
    room.leaveAudience("host", at: .seconds(2000))
    _ = room.advance(to: .seconds(3799))
    #expect(room.status == .waiting)
    #expect(room.advance(to: .seconds(3800)).contains(.closeRoom) && room.endReason == .abandoned)
  }

  @Test("A room that was never live ends two hours after it was made, whoever has it open, also over a restart")
  func neverLive() throws {
    var room = Cast.room()
    room.joinAudience(Cast.host, at: .seconds(10))
    _ = try room.publishStarted(by: Cast.host, at: .seconds(20))
    #expect(room.abandonmentDeadline == .seconds(7200))
    let clock = WallClock(now: .seconds(4000), milliseconds: 1_700_000_000_000)
    var restarted = Room(id: "r", host: Cast.host, memory: room.memory(clock), clock)
    restarted.joinAudience(Cast.host, at: .seconds(4001))
    #expect(restarted.abandonmentDeadline == .seconds(7200))
    var live = room
    _ = live.mediaArrived(from: "host", video: false, audio: true, at: .seconds(7199))
    #expect(live.abandonmentDeadline == nil && live.advance(to: .seconds(10_000)).events.contains(.roomEnded) == false)
    #expect(room.advance(to: .seconds(7200)).contains(.closeRoom) && room.endReason == .abandoned)
    #expect(room.abandonmentDeadline == nil)
  }

  @Test("An operator closes any room, and can close it for good")
  func operating() throws {
    var room = try Cast.liveRoom()
    #expect(throws: SignalingError.forbidden) { try room.close(by: Cast.host, at: .zero) }
    #expect(throws: SignalingError.forbidden) { try room.end(by: Cast.boss, at: .zero) }
    #expect(throws: SignalingError.forbidden) { try room.warn("Stop", by: Cast.host, at: .zero) }
    #expect(throws: SignalingError.warningInvalid) { try room.warn(" ", by: Cast.boss, at: .zero) }
    #expect(try room.warn(" Stop ", by: Cast.boss, at: .zero) == [.tell(.everyone, .roomWarned("Stop"))])
    let actions = try room.close(by: Cast.boss, at: .seconds(3))
    #expect(actions.last == .closeRoom && room.endReason == .operator && room.status == .ended)
    #expect(throws: SignalingError.roomEnded) { try room.publishStarted(by: Cast.host, at: .seconds(4)) }
    #expect(throws: SignalingError.roomEnded) { try room.close(by: Cast.boss, at: .seconds(4)) }
    #expect(try room.close(forGood: true, by: Cast.boss, at: .seconds(4)) == [.persist])
    #expect(throws: SignalingError.roomBanned) { try room.publishStarted(by: Cast.host, at: .seconds(5)) }
    #expect(room.endReason == .operator)
  }

  @Test("Nobody comes on stage while the room is linked, and what waited is taken back")
  func linked() throws {
    var room = try Cast.liveRoom()
    _ = try room.apply(id: "b", media: .video, by: Cast.bob, at: .zero)
    _ = try room.invite(id: "e", user: Cast.eve, by: Cast.host, at: .zero)
    _ = room.setLink("l", at: .zero)
    #expect(room.pending.isEmpty && room.request("b")?.reason == "application.during-link")
    #expect(room.request("e")?.state == .cancelled)
    let late = Instant.seconds(9)
    #expect(throws: SignalingError.applicationDuringLink) {
      try room.apply(id: "c", media: .video, by: Cast.bob, at: late)
    }
    #expect(throws: SignalingError.applicationDuringLink) {
      try room.invite(id: "d", user: Cast.eve, by: Cast.host, at: late)
    }
    #expect(room.setLink("l", at: late).isEmpty)
    _ = room.setLink(nil, at: late)
    #expect(throws: Never.self) { try room.apply(id: "c", media: .video, by: Cast.bob, at: late) }
  }
}
