import Signaling
import Testing

@Suite struct ChatSpeakingTests {
  @Test("A message carries the server's idea of who wrote it, and is stored before anybody is told")
  func author() throws {
    var chat = ChatRoom()
    let actions = try chat.say(id: "m", .danmaku, "  你好 ", by: Cast.admin, at: .zero)
    let message = try #require(actions.messages.first)
    #expect(message.text == "你好" && message.kind == .danmaku && message.author?.person.id == "ada")
    #expect(message.author?.role == .cohost && message.author?.isAdmin == true)
    #expect(actions == [.store(message), .tell(.messages([message]))])
    #expect(chat.history == [message])
  }

  @Test("A message keeps the time that was on the wall when it was made, also if the clock is set afterwards")
  func dates() throws {
    var chat = ChatRoom()
    chat.wall = WallClock(now: .zero, milliseconds: 1_000_000)
    let first = try chat.say(id: "a", .text, "x", by: Cast.bobMember, at: .seconds(1.5))
    #expect(first.messages.map(\.sentAt) == [1_001_500])
    chat.wall = WallClock(now: .seconds(2), milliseconds: 5_000_000)
    #expect(throws: Never.self) { try chat.say(id: "b", .text, "y", by: Cast.bobMember, at: .seconds(3)) }
    #expect(chat.history.map(\.sentAt) == [1_001_500, 5_001_000])
  }

  @Test("160 bytes are a message, 161 and nothing are not")
  func length() throws {
    var chat = ChatRoom()
    let chinese = String(repeating: "汉", count: 53) + "x"
    #expect(chinese.utf8.count == 160)
    #expect(throws: Never.self) { try chat.say(id: "a", .text, chinese, by: Cast.bobMember, at: .zero) }
    #expect(throws: SignalingError.chatTooLong) {
      try chat.say(id: "b", .text, chinese + "x", by: Cast.bobMember, at: .zero)
    }
    #expect(throws: SignalingError.chatEmpty) {
      try chat.say(id: "c", .text, "\u{200E} \n", by: Cast.bobMember, at: .zero)
    }
    #expect(chat.history.map(\.id) == ["a"])
  }

  @Test("The first message is told at once, those of the next tenth of a second together")
  func batches() throws {
    var chat = ChatRoom()
    #expect(try chat.say(id: "0", .text, "x", by: Cast.viewer(0), at: .zero).messages.count == 1)
    for number in 1...5 {
      let at = Instant.seconds(Double(number) / 100)
      #expect(try chat.say(id: "\(number)", .text, "x", by: Cast.viewer(number), at: at).messages.isEmpty)
    }
    #expect(chat.nextDeadline == .seconds(0.1))
    #expect(chat.advance(to: .seconds(0.1)).messages.map(\.id) == ["1", "2", "3", "4", "5"])
    #expect(chat.nextDeadline == nil)
    #expect(try chat.say(id: "6", .text, "x", by: Cast.viewer(6), at: .seconds(0.5)).messages.map(\.id) == ["6"])
  }

  @Test("A viewer may write three messages at once and then one a second, moderators three times as many")
  func rates() throws {
    var chat = ChatRoom()
    for (member, burst) in [(Cast.bobMember, 3), (Cast.hostMember, 9), (Cast.admin, 9)] {
      for number in 0..<burst { _ = try chat.say(id: "\(number)", .text, "x", by: member, at: .seconds(10)) }
      #expect(throws: SignalingError.chatTooOften) {
        try chat.say(id: "n", .text, "x", by: member, at: .seconds(10))
      }
      #expect(chat.pause(for: member, at: .seconds(10)) > 0.3)
    }
    #expect(throws: Never.self) { try chat.say(id: "n", .text, "x", by: Cast.bobMember, at: .seconds(11.01)) }
  }

  @Test("Slow mode holds viewers back, nobody else, and ends when it is turned off")
  func slowMode() throws {
    var chat = ChatRoom()
    chat.set(ChatRules(slowMode: 30))
    _ = try chat.say(id: "a", .text, "x", by: Cast.bobMember, at: .zero)
    #expect(throws: SignalingError.chatSlowMode) {
      try chat.say(id: "b", .text, "x", by: Cast.bobMember, at: .seconds(29))
    }
    #expect(abs(chat.pause(for: Cast.bobMember, at: .seconds(29)) - 1) < 0.01)
    for member in [Cast.hostMember, Cast.admin] {
      for number in 0..<2 { _ = try chat.say(id: "\(number)", .text, "x", by: member, at: .seconds(29)) }
    }
    _ = try chat.say(id: "c", .text, "x", by: Cast.bobMember, at: .seconds(30.01))
    chat.set(ChatRules(slowMode: 0))
    #expect(throws: Never.self) { try chat.say(id: "d", .text, "x", by: Cast.bobMember, at: .seconds(31)) }
  }

  @Test("With everybody muted only moderators write")
  func muteAll() throws {
    var chat = ChatRoom()
    chat.set(ChatRules(muteAll: true))
    #expect(throws: SignalingError.chatMutedAll) { try chat.say(id: "a", .text, "x", by: Cast.bobMember, at: .zero) }
    for member in [Cast.hostMember, Cast.admin] {
      #expect(throws: Never.self) { try chat.say(id: "b", .text, "x", by: member, at: .zero) }
    }
    _ = try chat.give(id: "g", Cast.rose, count: 1, by: Cast.bobMember, at: .zero)
    _ = try chat.like(1, by: Cast.bobMember, at: .zero)
  }

  @Test(
    "The word filter sees through case, width and marks",
    arguments: ["spam", "SPAM", "buy Spam now", "ｓｐａｍ", "ＳＰＡＭ!", "s\u{0301}pam", "sp\u{200D}am", "ﾅﾝﾊﾟする", "ſpam"])
  func filter(text: String) throws {
    var chat = ChatRoom()
    chat.set(ChatRules(wordFilter: ["Ｓpam", "ナンハ\u{309A}"]))
    #expect(throws: SignalingError.chatFiltered) { try chat.say(id: "a", .text, text, by: Cast.bobMember, at: .zero) }
    #expect(throws: SignalingError.chatFiltered) { try chat.say(id: "a", .text, text, by: Cast.hostMember, at: .zero) }
  }

  @Test(
    "The word filter does not care how characters were typed",
    arguments: [
      ("café", "cafe\u{301}"), ("cafe\u{301}", "Café"), ("café", "c\u{338}afe\u{338}\u{301}"), ("cafe", "CAFÉ"),
      ("バカ", "ハ\u{3099}カ"), ("バカ", "ﾊﾞｶ"), ("ハ\u{3099}カ", "バカ"), ("バカ", "ハ゛カ"), ("ヴ", "ｳﾞ"),
      ("ばか", "は\u{3099}か"),
      ("바보", "\u{1107}\u{1161}\u{1107}\u{1169}"), ("\u{1107}\u{1161}\u{1107}\u{1169}", "바보"),
      ("각", "\u{1100}\u{1161}\u{11A8}"), ("ế", "e\u{302}\u{301}"), ("ế", "e\u{301}\u{302}"), ("ё", "е\u{308}"),
      ("ᾅ", "ΑΙ"),
      ("spam", "𝓼𝓹𝓪𝓶"), ("spam", "ⓈⓅⒶⓂ"), ("spam1", "🆂🅿🅰🅼𝟏"),
    ])
  func equivalents(word: String, text: String) throws {
    var chat = ChatRoom()
    chat.set(ChatRules(wordFilter: [word]))
    #expect(throws: SignalingError.chatFiltered) {
      try chat.say(id: "a", .text, "x\(text)y", by: Cast.bobMember, at: .zero)
    }
  }

  @Test(
    "Voiced kana and whole syllables are other characters",
    arguments: [
      ("ハカ", "バカ"), ("カ", "ガ"), ("カ", "カ\u{3099}"), ("ハ", "ﾊﾟ"), ("바", "박"), ("바", "\u{1107}\u{1161}\u{11A8}"),
    ])
  func others(word: String, text: String) throws {
    var chat = ChatRoom()
    chat.set(ChatRules(wordFilter: [word]))
    #expect(throws: Never.self) { try chat.say(id: "a", .text, text, by: Cast.bobMember, at: .zero) }
  }

  @Test("What only resembles a filtered word passes", arguments: ["spa m", "sam", "pam", "maps"])
  func filterPasses(text: String) throws {
    var chat = ChatRoom()
    chat.set(ChatRules(wordFilter: ["spam", "\u{200D}"]))
    #expect(throws: Never.self) { try chat.say(id: "a", .text, text, by: Cast.bobMember, at: .zero) }
  }

  @Test("A deleted message is in no list, and never told afterwards")
  func deletion() throws {
    var chat = ChatRoom()
    _ = try chat.say(id: "a", .text, "x", by: Cast.bobMember, at: .zero)
    _ = try chat.say(id: "b", .text, "x", by: Cast.bobMember, at: .seconds(0.01))
    #expect(try chat.delete("a") == [.erase(id: "a"), .tell(.deleted(id: "a"))])
    #expect(throws: SignalingError.chatUnknown) { try chat.delete("a") }
    _ = try chat.delete("b")
    #expect(chat.history.isEmpty && chat.advance(to: .seconds(1)).messages.isEmpty)
  }

  @Test("Announcements are no words of people, and have 1 to 300 characters")
  func announcements() throws {
    var chat = ChatRoom()
    #expect(try chat.announce(id: "a", "x", by: Cast.admin, at: .zero).messages.map(\.kind) == [.system])
    for text in [" ", String(repeating: "x", count: 301)] {
      #expect(throws: SignalingError.announcementInvalid) {
        try chat.announce(id: "b", text, by: Cast.hostMember, at: .zero)
      }
    }
    #expect(try chat.notify(id: "c", "Be nice.", at: .seconds(1)).messages.first?.author == nil)
  }

  @Test("The last 200 messages are kept, and read page by page from the newest")
  func history() throws {
    var chat = ChatRoom()
    for number in 0..<250 {
      _ = try chat.say(id: "\(number)", .text, "x", by: Cast.viewer(number), at: .seconds(Double(number)))
    }
    #expect(chat.history.count == 200)
    #expect(chat.history(before: nil, limit: 2).map(\.id) == ["248", "249"])
    #expect(chat.history(before: "248", limit: 3).map(\.id) == ["245", "246", "247"])
    for oldest in ["50", "49", "none"] { #expect(chat.history(before: oldest, limit: 3).isEmpty) }
  }

  @Test("Who reads on from a message that was deleted meanwhile gets what lay before it, however much went with it")
  func readingOn() throws {
    var chat = ChatRoom()
    for number in 0..<8 {
      _ = try chat.say(id: "\(number)", .text, "x", by: Cast.viewer(number), at: .seconds(Double(number)))
    }
    _ = try chat.delete("5")
    #expect(chat.history(before: "5", limit: 2).map(\.id) == ["3", "4"])
    for id in ["4", "6", "3"] { _ = try chat.delete(id) }
    for id in ["3", "4", "5", "6"] { #expect(chat.history(before: id, limit: 2).map(\.id) == ["1", "2"]) }
    for id in ["0", "1", "2"] { _ = try chat.delete(id) }
    #expect(chat.history(before: "5", limit: 2).isEmpty)
    #expect(chat.history(before: "7", limit: 2).isEmpty && chat.history.map(\.id) == ["7"])
  }
}
