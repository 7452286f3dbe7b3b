import Signaling
import Testing

@Suite struct ChatModerationTests {
  @Test("A mute holds for its time, whatever its user becomes and however often he comes again")
  func timedMute() throws {
    var room = try Cast.liveRoom()
    let actions = try room.mute(Cast.bob, SanctionTerms(seconds: 60, reason: " spam "), by: Cast.host, at: .zero)
    guard case .chat(.muted(let sanction))? = actions.events.first else { throw SignalingError.forbidden }
    #expect(sanction.reason == "spam" && sanction.until == .seconds(60) && actions.first == .persist)
    room.joinAudience(Cast.bob, at: .seconds(1))
    room.leaveAudience("bob", at: .seconds(2))
    room.joinAudience(Cast.bob, at: .seconds(3))
    try Cast.enter(Cast.bob, &room, at: .seconds(4))
    for style in ChatStyle.allCases {
      #expect(throws: SignalingError.chatMuted) {
        try room.say(id: "a", style, "x", by: Cast.bob, at: .seconds(59))
      }
    }
    #expect(room.chat.muted(at: .seconds(59)).map(\.user.id) == ["bob"])
    #expect(room.chat.muted(at: .seconds(60)).isEmpty)
    #expect(throws: Never.self) { try room.say(id: "a", .text, "x", by: Cast.bob, at: .seconds(60)) }
  }

  @Test("A mute without a time ends only when a moderator ends it")
  func unmute() throws {
    var room = Cast.room()
    _ = try room.mute(Cast.bob, SanctionTerms(), by: Cast.host, at: .zero)
    #expect(throws: SignalingError.chatMuted) { try room.say(id: "a", .text, "x", by: Cast.bob, at: .seconds(1e6)) }
    #expect(throws: SignalingError.forbidden) { try room.unmute("bob", by: Cast.bob, at: .zero) }
    #expect(try room.unmute("bob", by: Cast.boss, at: .zero).events == [.chat(.unmuted(Cast.bob))])
    #expect(try room.unmute("bob", by: Cast.boss, at: .zero).isEmpty)
    #expect(throws: Never.self) { try room.say(id: "a", .text, "x", by: Cast.bob, at: .seconds(1e6)) }
  }

  @Test("A banned user loses seat and rights, has to go, and can do nothing until he is let in again")
  func ban() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    let actions = try room.ban(Cast.bob, SanctionTerms(), by: Cast.host, at: .zero)
    #expect(actions.contains(.closeStage(user: "bob")) && actions.last == .expel(user: "bob"))
    #expect(actions.events.contains(.participantLeft(Cast.bob, .banned)) && !room.isAdmin("bob"))
    let attempts: [(inout Room) throws -> [RoomAction]] = [
      { try $0.say(id: "a", .text, "x", by: Cast.bob, at: .zero) }, { try $0.like(1, by: Cast.bob, at: .zero) },
      { try $0.give(id: "a", Cast.rose, count: 1, by: Cast.bob, at: .zero) },
      { try $0.apply(id: "a", media: .video, by: Cast.bob, at: .zero) },
      { try $0.publishStarted(by: Cast.bob, at: .zero) },
      {
        try $0.requireEntry(Cast.bob, at: .zero)
        return []
      },
    ]
    for attempt in attempts { #expect(throws: SignalingError.userBanned) { try attempt(&room) } }
    #expect(throws: SignalingError.forbidden) { try room.unban("bob", by: Cast.eve, at: .zero) }
    #expect(try room.unban("bob", by: Cast.host, at: .zero).events == [.chat(.unbanned(Cast.bob))])
    #expect(throws: Never.self) { try room.requireEntry(Cast.bob, at: .zero) }
  }

  @Test("Nobody mutes or bans the host or an operator, admins not each other, and others nobody")
  func ranks() throws {
    var room = Cast.room()
    for admin in [Cast.eve, Cast.zoe] { _ = try room.setAdmin(admin, true, by: Cast.host, at: .zero) }
    let people = [Cast.host, Cast.boss, Cast.eve, Cast.zoe, Cast.bob]
    let allowed = people.map { actor in
      people.map { target in
        var (muted, banned) = (room, room)
        let mutes = (try? muted.mute(target, SanctionTerms(), by: actor, at: .zero)) != nil
        #expect(mutes == ((try? banned.ban(target, SanctionTerms(), by: actor, at: .zero)) != nil))
        return mutes
      }
    }
    #expect(
      allowed == [
        [false, false, true, true, true], [false, false, true, true, true], [false, false, false, false, true],
        [false, false, false, false, true], [false, false, false, false, false],
      ])
  }

  @Test("A reason needs a voice and obeys the word filter; without one the muted moderate as before")
  func reasons() throws {
    var room = Cast.room()
    _ = try room.set { $0.wordFilter = ["bad"] }
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    let filtered = SanctionTerms(seconds: 5, reason: "so BAD")
    #expect(throws: SignalingError.chatFiltered) { try room.mute(Cast.bob, filtered, by: Cast.host, at: .zero) }
    #expect(throws: SignalingError.chatFiltered) { try room.ban(Cast.bob, filtered, by: Cast.boss, at: .zero) }
    #expect(try room.permitReason(" fine ", by: Cast.eve, at: .zero) == "fine")
    _ = try room.mute(Cast.eve, SanctionTerms(seconds: 9), by: Cast.host, at: .zero)
    let reasoned = SanctionTerms(seconds: 5, reason: "hear me")
    #expect(throws: SignalingError.chatMuted) { try room.mute(Cast.bob, reasoned, by: Cast.eve, at: .zero) }
    #expect(throws: SignalingError.chatMuted) { try room.ban(Cast.bob, reasoned, by: Cast.eve, at: .zero) }
    #expect(throws: SignalingError.chatMuted) { try room.permitReason("hear me", by: Cast.eve, at: .zero) }
    #expect(try room.permitReason(" ", by: Cast.eve, at: .zero) == "")
    #expect(throws: Never.self) { try room.mute(Cast.bob, SanctionTerms(seconds: 5), by: Cast.eve, at: .zero) }
    #expect(throws: Never.self) { try room.mute(Cast.bob, reasoned, by: Cast.eve, at: .seconds(9)) }
  }

  @Test("Authors delete their own messages, moderators all")
  func deletion() throws {
    var room = Cast.room()
    for id in ["a", "b"] { _ = try room.say(id: id, .text, "x", by: Cast.bob, at: .zero) }
    #expect(throws: SignalingError.forbidden) { try room.deleteMessage("a", by: Cast.eve, at: .zero) }
    #expect(throws: Never.self) { try room.deleteMessage("a", by: Cast.bob, at: .zero) }
    #expect(throws: Never.self) { try room.deleteMessage("b", by: Cast.boss, at: .zero) }
    #expect(throws: SignalingError.chatUnknown) { try room.deleteMessage("b", by: Cast.boss, at: .zero) }
  }

  @Test("The host's words are deleted by himself and operators, a notice of an operator by operators")
  func deletionRanks() throws {
    var room = Cast.room()
    for admin in [Cast.eve, Cast.zoe] { _ = try room.setAdmin(admin, true, by: Cast.host, at: .zero) }
    _ = try room.notify(id: "notice", "x", by: Cast.boss, at: .zero)
    for (id, author) in [("host", Cast.host), ("eve", Cast.eve), ("bob", Cast.bob)] {
      _ = try room.say(id: id, .text, "x", by: author, at: .zero)
    }
    let ids = ["notice", "host", "eve", "bob"]
    let allowed = [Cast.boss, Cast.host, Cast.zoe, Cast.eve].map { actor in
      ids.filter { id in
        var room = room
        return (try? room.deleteMessage(id, by: actor, at: .zero)) != nil
      }
    }
    #expect(allowed == [ids, ["host", "eve", "bob"], ["bob"], ["eve", "bob"]])
  }

  @Test("Only moderators announce, and the room's settings rule its chat")
  func settings() throws {
    var room = Cast.room()
    #expect(throws: SignalingError.forbidden) { try room.announce(id: "a", "x", by: Cast.bob, at: .zero) }
    #expect(throws: Never.self) { try room.announce(id: "a", "x", by: Cast.boss, at: .zero) }
    _ = try room.set { $0.wordFilter = ["spam"] }
    #expect(throws: SignalingError.chatFiltered) { try room.say(id: "a", .text, "SPAM", by: Cast.bob, at: .zero) }
    for actor in [Cast.host, Cast.boss] {
      #expect(throws: SignalingError.chatFiltered) { try room.announce(id: "a", "SPAM", by: actor, at: .zero) }
    }
    _ = try room.set { $0.muteAll = true }
    #expect(throws: SignalingError.chatMutedAll) { try room.say(id: "a", .text, "x", by: Cast.bob, at: .zero) }
    #expect(throws: Never.self) { try room.say(id: "a", .text, "x", by: Cast.boss, at: .zero) }
  }

  @Test("Times and reasons have limits, and so has the number of mutes")
  func limits() throws {
    var chat = ChatRoom(limits: ChatLimits().with { $0.sanctions = 2 })
    for seconds in [0, -5, 365 * 86_400 + 1, .max] {
      #expect(throws: SignalingError.moderationSeconds) {
        try chat.mute(Cast.bob, SanctionTerms(seconds: seconds), by: Cast.host, at: .zero)
      }
    }
    #expect(throws: SignalingError.reasonInvalid) {
      let reason = String(repeating: "x", count: 101)
      _ = try chat.mute(Cast.bob, SanctionTerms(reason: reason), by: Cast.host, at: .zero)
    }
    _ = try chat.mute(Cast.bob, SanctionTerms(seconds: 10), by: Cast.host, at: .zero)
    _ = try chat.mute(Cast.eve, SanctionTerms(), by: Cast.host, at: .zero)
    #expect(throws: SignalingError.moderationFull) {
      try chat.mute(Cast.zoe, SanctionTerms(), by: Cast.host, at: .seconds(9))
    }
    _ = try chat.mute(Cast.zoe, SanctionTerms(), by: Cast.host, at: .seconds(10))
    #expect(chat.muted(at: .seconds(10)).map(\.user.id) == ["eve", "zoe"])
  }

  @Test("Mutes and bans come back after a restart with the time that is left")
  func memory() throws {
    var room = Cast.room()
    _ = try room.mute(Cast.bob, SanctionTerms(seconds: 60, reason: "x"), by: Cast.host, at: .seconds(100))
    _ = try room.mute(Cast.zoe, SanctionTerms(seconds: 5), by: Cast.host, at: .seconds(100))
    _ = try room.ban(Cast.eve, SanctionTerms(), by: Cast.host, at: .seconds(100))
    let memory = room.memory(WallClock(now: .seconds(110), milliseconds: 1_700_000_110_000))
    let clock = WallClock(now: .zero, milliseconds: 1_700_000_110_000)
    var later = Room(id: "r", host: Cast.host, memory: memory, clock)
    later.restoreChat(history: room.chat.history, likes: 7)
    #expect(later.chat.muted(at: .seconds(49)).map(\.user) == [Cast.bob])
    #expect(later.chat.muted(at: .seconds(49)).first?.reason == "x" && later.chat.muted(at: .seconds(50)).isEmpty)
    #expect(throws: SignalingError.userBanned) { try later.requireEntry(Cast.eve, at: .seconds(1e6)) }
    #expect(later.chat.likes == 7)
  }
}

extension ChatLimits {
  fileprivate func with(_ change: (inout ChatLimits) -> Void) -> ChatLimits {
    var limits = self
    change(&limits)
    return limits
  }
}
