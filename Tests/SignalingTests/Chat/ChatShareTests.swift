import Signaling
import Testing

/// Who gets which part of what a room may be told.
@Suite struct ChatShareTests {
  @Test("Of a crowd that gives as fast as it may everything is told, once a second for each, and words have the rest")
  func givers() throws {
    var (chat, heard) = (ChatRoom(), Heard())
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
    heard.drain(&chat, from: 10)
    #expect(said > 90 && heard.texts.count == said)
    #expect(heard.gifts == given && score == given * Cast.rose.points)
    #expect(chat.history.reduce(0) { $0 + ($1.gift?.count ?? 0) } == given)
    #expect(heard.most(within: 1) <= 40)
    #expect(heard.all.count - said < 14 * 10 * 2)
  }

  @Test("Of more gifts than a room can be told those that are taken are kept and told within two seconds, before words")
  func flood() throws {
    var (chat, heard) = (ChatRoom(), Heard())
    var (taken, told, said) = ([String: Instant](), [String: Instant](), 0)
    // For three seconds nobody adds anything.
    for step in 0..<6500 {
      let now = Instant.seconds(Double(step) / 500)
      var actions = chat.advance(to: now)
      if step < 5000 {
        do throws(SignalingError) {
          actions += try chat.give(id: "g\(step)", Cast.rose, count: 1, by: Cast.viewer(step), at: now)
          taken["g\(step)"] = now
          #expect(chat.history.last?.id == "g\(step)")
        } catch {
          #expect(error == .chatTooOften)
        }
        let words = try? chat.say(id: "m\(step)", .text, "x", by: Cast.viewer(10_000 + step), at: now)
        said += words == nil ? 0 : 1
        actions += words ?? []
      }
      if step == 2500 { actions += try chat.say(id: "h", .text, "x", by: Cast.hostMember, at: now) }
      for news in actions.gifts { told[news.message] = now }
      heard.take(actions, now)
    }
    #expect((350...450).contains(taken.count) && heard.gifts == taken.count && chat.gifts.count == taken.count)
    #expect(Set(told.keys) == Set(taken.keys))
    let waits = told.map { message, moment in moment.seconds(since: taken[message] ?? .zero) }
    #expect(waits.allSatisfy { $0 <= 2 })
    #expect(heard.most(within: 1) <= 42 && said < 60)
  }

  @Test("A few who give this and that in turn take no more of a busy room than as many who talk")
  func turns() throws {
    var (chat, heard) = (ChatRoom(), Heard())
    var (given, refused, said) = (0, 0, 0)
    for step in 0..<1000 {
      let now = Instant.seconds(Double(step) / 100)
      heard.take(chat.advance(to: now), now)
      if step % 20 < 8 {
        let gift = Gift(id: "gift-\(step / 20 % 8)", zh: "礼", en: "Gift", emoji: "🎁")
        do throws(SignalingError) {
          heard.take(try chat.give(id: "g\(step)", gift, count: 1, by: Cast.viewer(step % 20), at: now), now)
          given += 1
        } catch {
          #expect(error == .chatTooOften)
          refused += 1
        }
      }
      guard step % 4 == 0 else { continue }
      let words = try? chat.say(id: "m\(step)", .text, "x", by: Cast.viewer(100 + step), at: now)
      said += words == nil ? 0 : 1
      heard.take(words ?? [], now)
    }
    heard.drain(&chat, from: 10)
    #expect(given > 80 && refused > 0 && heard.gifts == given)
    #expect(said > 100 && heard.most(within: 1) <= 40)
  }

  @Test("What is refused leaves nothing behind, and what is taken stands in the history before it is told")
  func history() throws {
    var chat = ChatRoom()
    for number in 0..<30 {
      _ = try chat.say(id: "m\(number)", .text, "x", by: Cast.viewer(number), at: .seconds(Double(number)))
    }
    var (kept, score) = (0, 0)
    for giver in 0..<50 {
      let actions = try? chat.give(id: "g\(giver)", Cast.rose, count: 2, by: Cast.viewer(giver), at: .seconds(40))
      for case .score(let points) in actions ?? [] { score += points }
      for case .storeGift(let message, _) in actions ?? [] { kept += message.gift?.count ?? 0 }
    }
    // One told at once, twenty that wait.
    #expect(kept == 42 && score == 42 * Cast.rose.points && chat.gifts == GiftTotals(count: 42))
    #expect(chat.history.count { $0.kind == .gift } == 21 && chat.history.count { $0.kind == .text } == 30)
    let grown = try chat.give(id: "h", Cast.rose, count: 3, by: Cast.viewer(20), at: .seconds(40))
    guard case .storeGift(let message, let totals)? = grown.first else {
      Issue.record("\(grown)")
      return
    }
    #expect(message.id == "g20" && message.gift?.count == 5 && totals == GiftTotals(count: 45))
    let told = chat.advance(to: .seconds(40.2)).gifts
    #expect(told.map(\.message) == (1...20).map { "g\($0)" })
    #expect(told.last?.count == 5 && chat.nextDeadline == nil)
  }

  @Test("A combo whose message has left the history goes on in a new one")
  func forgotten() throws {
    var limits = ChatLimits()
    limits.history = 3
    var chat = ChatRoom(limits: limits)
    _ = try chat.give(id: "a", Cast.rose, count: 1, by: Cast.bobMember, at: .zero)
    for number in 1...3 {
      _ = try chat.say(id: "m\(number)", .text, "x", by: Cast.viewer(number), at: .seconds(Double(number)))
    }
    let news = try chat.give(id: "b", Cast.rose, count: 2, by: Cast.bobMember, at: .seconds(4)).gifts
    #expect(news.map(\.message) == ["b"] && news.map(\.count) == [2] && news.map(\.combo) == [3])
    #expect(chat.history.map(\.id) == ["m2", "m3", "b"] && chat.history.last?.gift?.count == 3)
  }

  @Test("Gifts with a price have places of their own and go first; words wait for all of them, moderators do not")
  func prices() throws {
    var chat = ChatRoom()
    for user in 0..<40 { _ = try chat.say(id: "\(user)", .text, "x", by: Cast.viewer(user), at: .seconds(1)) }
    for member in [Cast.hostMember, Cast.admin] {
      #expect(throws: Never.self) { try chat.say(id: "a", .text, "x", by: member, at: .seconds(1)) }
    }
    _ = chat.advance(to: .seconds(1.5))
    var taken: [String] = []
    for (gift, users) in [(Cast.rose, 100..<130), (Cast.rocket, 200..<230)] {
      for user in users {
        let actions = try? chat.give(id: "g\(user)", gift, count: 1, by: Cast.viewer(user), at: .seconds(1.7))
        if actions != nil { taken.append(gift.id) }
      }
    }
    #expect(taken == Array(repeating: "rose", count: 20) + Array(repeating: "rocket", count: 20))
    let (early, onTime) = (chat.advance(to: .seconds(1.99)).gifts, chat.advance(to: .seconds(2)).gifts)
    #expect(early.isEmpty)
    #expect(onTime.map(\.gift) == Array(repeating: "rocket", count: 20) + Array(repeating: "rose", count: 20))
    #expect(throws: SignalingError.chatTooOften) {
      try chat.say(id: "b", .text, "x", by: Cast.viewer(300), at: .seconds(2.9))
    }
    #expect(throws: Never.self) { try chat.say(id: "b", .text, "x", by: Cast.viewer(300), at: .seconds(3)) }
  }

  @Test("However much moderators say, a gift is told within two seconds")
  func patience() throws {
    var chat = ChatRoom()
    var told: [Instant] = []
    let admins = (0..<40).map { number in
      ChatMember(Person(id: "a\(number)", name: "A"), role: .viewer, isAdmin: true, isFree: true)
    }
    for step in 0..<500 {
      let now = Instant.seconds(Double(step) / 100)
      var actions = chat.advance(to: now)
      actions += try chat.say(id: "m\(step)", .text, "x", by: admins[step % 40], at: now)
      if step == 100 { actions += try chat.give(id: "g", Cast.rose, count: 1, by: Cast.bobMember, at: now) }
      if !actions.gifts.isEmpty { told.append(now) }
    }
    #expect(told.count == 1)
    #expect(told.allSatisfy { $0 >= .seconds(3) && $0 < .seconds(3.2) })
  }

  @Test("A gift that was taken just before the end of the show is told before it")
  func end() throws {
    var room = try Cast.liveRoom()
    _ = try room.give(id: "a", Cast.rose, count: 1, by: Cast.bob, at: .seconds(10))
    let waiting = try room.give(id: "b", Cast.rose, count: 4, by: Cast.eve, at: .seconds(10.05))
    #expect(waiting.events.isEmpty)
    let events = try room.end(by: Cast.host, at: .seconds(10.06)).events
    let told = events.firstIndex { event in
      if case .chat(.gift(let news)) = event { news.giver == Cast.eve && news.count == 4 } else { false }
    }
    let ended = events.firstIndex(of: .roomEnded)
    #expect(told != nil && ended != nil && (told ?? .max) < (ended ?? 0))
  }
}
