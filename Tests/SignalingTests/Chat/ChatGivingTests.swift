import Signaling
import Testing

@Suite struct ChatGivingTests {
  @Test("The same gift of the same user within five seconds runs up, and is one message")
  func combo() throws {
    var chat = ChatRoom()
    let first = try chat.give(id: "g1", Cast.rose, count: 2, by: Cast.bobMember, at: .zero)
    #expect(first.gifts.map(\.combo) == [2] && first.contains(.score(20)))
    let second = try chat.give(id: "g2", Cast.rose, count: 3, by: Cast.bobMember, at: .seconds(4.9))
    #expect(second.gifts.map(\.count) == [3] && second.gifts.map(\.combo) == [5])
    #expect(second.gifts.map(\.message) == ["g1"])
    #expect(chat.history.map(\.id) == ["g1"] && chat.history.first?.gift?.count == 5)
    _ = try chat.give(id: "g3", Cast.rose, count: 1, by: Cast.eveMember, at: .seconds(5))
    _ = try chat.give(id: "g4", Cast.rocket, count: 1, by: Cast.bobMember, at: .seconds(6))
    _ = try chat.give(id: "g5", Cast.rose, count: 1, by: Cast.bobMember, at: .seconds(9.95))
    #expect(chat.history.map(\.id) == ["g1", "g3", "g4", "g5"])
  }

  @Test("Gifts of one combo within a tenth of a second are told once, with their sum")
  func merged() throws {
    var chat = ChatRoom()
    _ = try chat.give(id: "a", Cast.rose, count: 1, by: Cast.bobMember, at: .zero)
    for number in 1...5 {
      let at = Instant.seconds(Double(number) / 100)
      #expect(try chat.give(id: "\(number)", Cast.rose, count: 2, by: Cast.bobMember, at: at).gifts.isEmpty)
    }
    let told = chat.advance(to: .seconds(0.1)).gifts
    #expect(told.map(\.count) == [10] && told.map(\.combo) == [11])
  }

  @Test("One to 99 at once, ten requests and then five a second; a priced gift scores its price")
  func limits() throws {
    var chat = ChatRoom()
    for count in [0, 100, -1] {
      #expect(throws: SignalingError.giftCount) {
        try chat.give(id: "a", Cast.rose, count: count, by: Cast.bobMember, at: .zero)
      }
    }
    #expect(try chat.give(id: "a", Cast.rocket, count: 99, by: Cast.bobMember, at: .zero).contains(.score(49_500)))
    for _ in 0..<9 { _ = try chat.give(id: "b", Cast.rose, count: 1, by: Cast.bobMember, at: .zero) }
    #expect(throws: SignalingError.chatTooOften) {
      try chat.give(id: "c", Cast.rose, count: 1, by: Cast.bobMember, at: .zero)
    }
  }

  @Test("Who could not write because of his name gives nothing either, unless he is the host")
  func names() throws {
    var chat = ChatRoom()
    chat.set(ChatRules(wordFilter: ["spam"]))
    let rude = ChatMember(Person(id: "rude", name: "spammer"), role: .viewer)
    #expect(throws: SignalingError.chatFiltered) { try chat.give(id: "a", Cast.rose, count: 1, by: rude, at: .zero) }
    #expect(throws: SignalingError.chatFiltered) { try chat.say(id: "a", .text, "x", by: rude, at: .zero) }
    #expect(chat.history.isEmpty)
    let host = ChatMember(rude.person, role: .host)
    #expect(throws: Never.self) { try chat.give(id: "a", Cast.rose, count: 1, by: host, at: .zero) }
    #expect(throws: Never.self) { try chat.say(id: "b", .text, "x", by: host, at: .zero) }
    #expect(throws: SignalingError.chatFiltered) { try chat.say(id: "c", .text, "spam", by: host, at: .zero) }
  }

  @Test("Who is muted gives nothing")
  func muted() throws {
    var chat = ChatRoom()
    _ = try chat.mute(Cast.bob, SanctionTerms(seconds: 60), by: Cast.host, at: .zero)
    for gift in [Cast.rose, Cast.rocket] {
      #expect(throws: SignalingError.chatMuted) {
        try chat.give(id: "a", gift, count: 1, by: Cast.bobMember, at: .seconds(59))
      }
    }
    #expect(throws: Never.self) { try chat.give(id: "a", Cast.rose, count: 1, by: Cast.bobMember, at: .seconds(60)) }
  }

  @Test("Likes are counted exactly and told at most once a second, with the first three names")
  func likes() throws {
    var chat = ChatRoom()
    var told: [LikeNews] = []
    var given = 0
    for step in 0..<250 {
      let now = Instant.seconds(Double(step) / 50)
      told += chat.advance(to: now).likes
      let actions = try? chat.like(4, by: Cast.viewer(step % 30), at: now)
      if let actions {
        given += 4
        told += actions.likes
        #expect(actions.contains(.storeLikes(given)) && actions.contains(.score(4)))
      }
    }
    told += chat.advance(to: .seconds(10)).likes
    #expect(chat.likes == given && told.last?.total == given)
    #expect(told.reduce(0) { $0 + $1.added } == given)
    #expect(told.count <= 7 && told.dropFirst().dropLast().allSatisfy { $0.names.count == 3 })
    #expect(chat.nextDeadline == nil)
  }

  @Test("A user sends two likes a second, whatever he taps, of 1 to 20")
  func likeRate() throws {
    var chat = ChatRoom()
    for count in [0, 21] {
      #expect(throws: SignalingError.likeCount) { try chat.like(count, by: Cast.bobMember, at: .zero) }
    }
    for _ in 0..<2 { _ = try chat.like(20, by: Cast.bobMember, at: .zero) }
    #expect(throws: SignalingError.chatTooOften) { try chat.like(1, by: Cast.bobMember, at: .seconds(0.4)) }
    #expect(throws: Never.self) { try chat.like(1, by: Cast.bobMember, at: .seconds(0.6)) }
  }

  @Test("The gifts that come with the server are usable, and a catalogue with a bad one is none")
  func catalogue() throws {
    #expect(GiftCatalogue(GiftCatalogue.standard.gifts) != nil)
    #expect(try GiftCatalogue.standard.gift("rose").emoji == "🌹")
    #expect(throws: SignalingError.giftUnknown) { try GiftCatalogue.standard.gift("yacht") }
    let bad = [
      Gift(id: "", zh: "a", en: "a", emoji: "a"), Gift(id: "A b", zh: "a", en: "a", emoji: "a"),
      Gift(id: "a", zh: "", en: "a", emoji: "a"), Gift(id: "a", zh: "a", en: "a", emoji: "a", price: -1),
    ]
    #expect(bad.allSatisfy { GiftCatalogue([$0]) == nil })
    #expect(GiftCatalogue([Cast.rose, Cast.rose]) == nil)
  }
}
