import Signaling
import Testing

/// Who gets which part of what a room may be told.
@Suite struct ChatShareTests {
  @Test("Free gifts of a crowd leave half of the room to words, and all of them count")
  func freeGifts() throws {
    var chat = ChatRoom()
    var heard = Heard()
    var (given, score, said) = (0, 0, 0)
    for step in 0..<100 {
      let now = Instant.seconds(Double(step) / 10)
      heard.take(chat.advance(to: now), now)
      for giver in 0..<14 where step % 2 == giver % 2 {
        let actions = try chat.give(id: "g\(step)-\(giver)", Cast.rose, count: 1, by: Cast.viewer(giver), at: now)
        for case .score(let points) in actions { score += points }
        heard.take(actions, now)
        given += 1
      }
      let words = try? chat.say(id: "m\(step)", .text, "x", by: Cast.viewer(100 + step), at: now)
      said += words == nil ? 0 : 1
      heard.take(words ?? [], now)
    }
    heard.take(chat.advance(to: .seconds(11)), .seconds(11))
    #expect(said == 100 && heard.texts.count == 100)
    #expect(score == given * Cast.rose.points)
    #expect(chat.history.reduce(0) { $0 + ($1.gift?.count ?? 0) } == given)
    // What was left out comes with the next of the same giver; only the very last may not have come.
    #expect(heard.gifts > given - 14 * 10 && heard.gifts <= given)
    #expect(heard.busiestSecond <= 40)
  }

  @Test("Free gifts that nobody is told of push no words out of the history until they are told")
  func history() throws {
    var chat = ChatRoom()
    for number in 0..<30 {
      _ = try chat.say(id: "m\(number)", .text, "x", by: Cast.viewer(number), at: .seconds(Double(number)))
    }
    var (kept, score) = (0, 0)
    for giver in 0..<50 {
      let actions = try chat.give(id: "g\(giver)", Cast.rose, count: 2, by: Cast.viewer(giver), at: .seconds(40))
      for case .score(let points) in actions { score += points }
      for case .storeGift(let message, isKept: true, _) in actions { kept += message.gift?.count ?? 0 }
    }
    #expect(kept == 40 && score == 100 * Cast.rose.points)
    #expect(chat.history.count { $0.kind == .gift } == 20 && chat.history.count { $0.kind == .text } == 30)
    _ = chat.advance(to: .seconds(41))
    let next = try chat.give(id: "h", Cast.rose, count: 1, by: Cast.viewer(49), at: .seconds(42))
    guard case .storeGift(let message, isKept: true, let totals)? = next.first else {
      Issue.record("\(next)")
      return
    }
    #expect(totals == GiftTotals(count: 101) && chat.gifts == totals)
    #expect(message.id == "g49" && message.gift?.count == 3 && next.gifts.map(\.count) == [3])
    #expect(chat.history.last == message && chat.history.count == 51)
    _ = try chat.give(id: "p", Cast.rocket, count: 1, by: Cast.viewer(49), at: .seconds(42))
    #expect(chat.history.last?.id == "p" && chat.gifts == GiftTotals(count: 102, value: Cast.rocket.price))
  }

  @Test("Gifts with a price are told and moderators write, however full the room is")
  func reserve() throws {
    var chat = ChatRoom()
    for user in 0..<40 { _ = try chat.say(id: "\(user)", .text, "x", by: Cast.viewer(user), at: .seconds(1)) }
    for member in [Cast.hostMember, Cast.admin] {
      #expect(throws: Never.self) { try chat.say(id: "a", .text, "x", by: member, at: .seconds(1)) }
    }
    _ = chat.advance(to: .seconds(1.5))
    for user in 0..<60 {
      let now = Instant.seconds(1.7 + Double(user) / 10_000)
      _ = try chat.give(id: "r\(user)", Cast.rocket, count: 1, by: Cast.viewer(user), at: now)
      _ = try chat.give(id: "f\(user)", Cast.rose, count: 1, by: Cast.viewer(user), at: now)
    }
    let told = chat.advance(to: .seconds(1.9)).gifts
    #expect(told.count { $0.gift == "rocket" } == 59 && told.count { $0.gift == "rose" } == 20)
  }
}
