import Signaling
import Testing

/// Far more than a room may get: what matters arrives, what is counted stays exact, and nobody is drowned.
@Suite struct ChatFloodTests {
  @Test("Of 500 messages a second at most forty are told in any second, while every gift and announcement is")
  func flood() throws {
    var chat = ChatRoom()
    var heard = Heard()
    var (given, announced, liked) = (0, 0, 0)
    for step in 0..<5000 {
      let now = Instant.seconds(Double(step) / 500)
      heard.take(chat.advance(to: now), now)
      let member = Cast.viewer(step % 1000)
      switch step % 50 {
      case 7:
        given += 2
        heard.take(try chat.give(id: "g\(step)", Cast.rose, count: 2, by: member, at: now), now)
      case 9 where step % 500 == 9:
        announced += 1
        heard.take(try chat.announce(id: "s\(step)", "Quiet!", by: Cast.hostMember, at: now), now)
      case 11:
        liked += 3
        heard.take(try chat.like(3, by: member, at: now), now)
      default:
        heard.take((try? chat.say(id: "m\(step)", .text, "x", by: member, at: now)) ?? [], now)
      }
    }
    heard.drain(&chat, from: 10)
    #expect(heard.gifts == given && heard.announcements == announced)
    #expect(heard.likes == liked && chat.likes == liked)
    #expect(heard.texts.count >= 200)
    // Announcements always pass. What was given its place in one second is told within that and another tenth.
    #expect(heard.most(within: 0.9) <= 40 + 4)
    #expect(heard.all.count <= 40 * 10 + 20)
  }

  @Test("Nothing but words: exactly forty a second, whoever sends them")
  func cap() throws {
    var chat = ChatRoom()
    var refused = 0
    for user in 0..<60 {
      do {
        _ = try chat.say(id: "\(user)", .text, "x", by: Cast.viewer(user), at: .seconds(1))
      } catch SignalingError.chatTooOften {
        refused += 1
      }
    }
    #expect(refused == 20 && chat.history.count == 40)
    #expect(throws: SignalingError.chatTooOften) {
      try chat.say(id: "a", .text, "x", by: Cast.viewer(99), at: .seconds(1.99))
    }
    #expect(throws: Never.self) { try chat.say(id: "a", .text, "x", by: Cast.viewer(99), at: .seconds(2)) }
  }

  @Test("Likes wait for a pause of the crowd, not longer than five seconds")
  func patience() throws {
    var chat = ChatRoom()
    var told: [Instant] = []
    for step in 0..<1000 {
      let now = Instant.seconds(Double(step) / 100)
      if !chat.advance(to: now).likes.isEmpty { told.append(now) }
      _ = try? chat.say(id: "m\(step)", .text, "x", by: Cast.viewer(step), at: now)
      if step == 50 { #expect(try chat.like(1, by: Cast.bobMember, at: now).likes.isEmpty) }
    }
    #expect(told == [.seconds(5.5)])
  }

  @Test("A deadline that was met is over, whatever happens", arguments: 0..<20 as Range<UInt64>)
  func deadlines(seed: UInt64) {
    var random = SplitMix(state: seed)
    var chat = ChatRoom()
    var now = Instant.zero
    for step in 0..<2000 {
      now = now.advanced(bySeconds: Double(random.next() % 300) / 1000)
      let actions = act(&chat, step, now, &random)
      let fresh = actions.messages.filter { $0.sent == now }.compactMap(\.author?.person.id)
      #expect(fresh.allSatisfy { chat.mute(of: $0, at: now) == nil })
      var advanced = chat
      _ = advanced.advance(to: now)
      #expect(advanced.nextDeadline.map { $0 > now } ?? true)
      #expect(chat.history.count <= 200)
    }
  }

  /// One operation that may be refused.
  private func act(
    _ chat: inout ChatRoom, _ step: Int, _ now: Instant, _ random: inout SplitMix
  ) -> [ChatAction] {
    let people = (0..<6).map(Cast.viewer) + [Cast.hostMember, Cast.admin]
    let (actor, other) = (random.pick(people), random.pick(people))
    let terms = SanctionTerms(seconds: Int(random.next() % 20))
    let result = Result<[ChatAction], any Error> {
      switch random.next() % 12 {
      case 0, 1, 2: return try chat.say(id: "m\(step)", .text, "x", by: actor, at: now)
      case 3: return try chat.give(id: "g\(step)", Cast.rose, count: 3, by: actor, at: now)
      case 4: return try chat.like(2, by: actor, at: now)
      case 5: return try chat.mute(other.person, terms, by: actor.person, at: now)
      case 6: return try chat.ban(other.person, terms, by: actor.person, at: now)
      case 7: return chat.unmute(other.person.id, at: now)
      case 8: chat.entered(other.person, at: now)
      case 9: chat.left(other.person.id, at: now)
      case 10: return try chat.delete("m\(step - 1)")
      default: return chat.advance(to: now)
      }
      return []
    }
    return (try? result.get()) ?? []
  }
}

/// What everybody in the room has heard.
struct Heard {
  var texts: [String] = []
  var gifts = 0
  var likes = 0
  var announcements = 0
  var all: [Instant] = []

  mutating func take(_ actions: [ChatAction], _ now: Instant) {
    texts += actions.messages.filter { $0.kind == .text }.map(\.id)
    announcements += actions.messages.count { $0.kind == .system }
    gifts += actions.gifts.reduce(0) { $0 + $1.count }
    likes += actions.likes.reduce(0) { $0 + $1.added }
    let told = actions.messages.count + actions.gifts.count + actions.likes.count + actions.audiences.count
    all += Array(repeating: now, count: told)
  }

  /// What a chat tells in the three seconds in which nobody adds anything.
  mutating func drain(_ chat: inout ChatRoom, from start: Double) {
    for step in 0..<30 {
      let now = Instant.seconds(start + Double(step) / 10)
      take(chat.advance(to: now), now)
    }
  }

  func most(within seconds: Double) -> Int {
    all.indices.map { first in all[first...].prefix { $0.seconds(since: all[first]) < seconds }.count }.max() ?? 0
  }
}
