import Signaling
import Testing

@Suite struct ChatNoticeTests {
  private func notice(_ text: String) -> RoomChange {
    var change = RoomChange()
    change.notice = text
    return change
  }

  private func notices(_ actions: [RoomAction]) -> [ChatMessage] {
    actions.compactMap { if case .chat(.store(let message)) = $0, message.kind == .notice { message } else { nil } }
  }

  @Test("A new notice of the room stands in its chat, with who wrote it; the same one and none do not")
  func roomNotice() throws {
    var room = try Cast.liveRoom()
    let told = notices(try room.update(notice("Songs at nine"), message: "n", by: Cast.host, at: .zero))
    #expect(told.map(\.text) == ["Songs at nine"] && told.first?.author?.person == Cast.host)
    #expect(room.chat.history.last?.id == "n")
    #expect(notices(try room.update(notice("Songs at nine"), by: Cast.host, at: .zero)).isEmpty)
    #expect(notices(try room.update(notice(""), by: Cast.host, at: .zero)).isEmpty)
  }

  @Test("A notice keeps its lines, in the room and in the chat, and so do an operator's and an announcement")
  func lines() throws {
    var room = try Cast.liveRoom()
    let clean = "Songs:\none\n\ntwo\nthree"
    let raw = " \r\nSongs:\r\n  one \u{202E}\n\u{200D}\n\n\ntwo\u{2028}three\n "
    #expect(notices(try room.update(notice(raw), by: Cast.host, at: .zero)).map(\.text) == [clean])
    #expect(room.info.notice == clean)
    #expect(notices(try room.notify(id: "n", raw, by: Cast.boss, at: .zero)).map(\.text) == [clean])
    _ = try room.announce(id: "a", raw, by: Cast.host, at: .zero)
    #expect(room.chat.history.last?.text == clean)
    _ = try room.say(id: "m", .text, "one\ntwo", by: Cast.bob, at: .zero)
    #expect(room.chat.history.last?.text == "one two")
  }

  @Test("Lines count as characters, and there are twenty of them at most")
  func manyLines() throws {
    var room = try Cast.liveRoom()
    let twenty = Array(repeating: "x", count: 20).joined(separator: "\n")
    #expect(throws: Never.self) { try room.update(notice(twenty), by: Cast.host, at: .zero) }
    for text in [twenty + "\nx", String(repeating: "x", count: 300) + "\nx"] {
      #expect(throws: SignalingError.noticeInvalid) { try room.update(notice(text), by: Cast.host, at: .zero) }
      #expect(throws: SignalingError.announcementInvalid) { try room.announce(id: "a", text, by: Cast.host, at: .zero) }
    }
    #expect(throws: SignalingError.announcementInvalid) {
      try room.announce(id: "a", " \n\n", by: Cast.host, at: .zero)
    }
  }

  @Test("A notice that changes again and again is refused, and so is one of somebody muted")
  func limits() throws {
    var room = try Cast.liveRoom()
    for number in 0..<5 { _ = try room.update(notice("\(number)"), by: Cast.host, at: .zero) }
    let before = room
    #expect(throws: SignalingError.noticeTooOften) { try room.update(notice("x"), by: Cast.host, at: .seconds(4)) }
    #expect(room == before)
    #expect(throws: Never.self) { try room.update(notice("x"), by: Cast.host, at: .seconds(5)) }
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .seconds(20))
    _ = try room.mute(Cast.bob, SanctionTerms(), by: Cast.host, at: .seconds(20))
    #expect(throws: SignalingError.chatMuted) { try room.update(notice("me"), by: Cast.bob, at: .seconds(20)) }
    #expect(throws: SignalingError.chatMuted) { try room.announce(id: "m", "me", by: Cast.bob, at: .seconds(20)) }
  }

  @Test("An operator tells a room something that stays in its chat without a name; nobody else may")
  func operatorNotice() throws {
    var room = try Cast.liveRoom()
    let told = notices(try room.notify(id: "n", " Maintenance at ten ", by: Cast.boss, at: .zero))
    #expect(told.map(\.text) == ["Maintenance at ten"] && told.first?.author == nil)
    #expect(throws: SignalingError.forbidden) { try room.notify(id: "n", "x", by: Cast.host, at: .zero) }
    #expect(throws: SignalingError.announcementInvalid) { try room.notify(id: "n", " ", by: Cast.boss, at: .zero) }
    for number in 0..<4 { _ = try room.notify(id: "n\(number)", "x", by: Cast.boss, at: .zero) }
    #expect(throws: SignalingError.chatTooOften) { try room.notify(id: "m", "x", by: Cast.boss, at: .zero) }
  }

  @Test("Title, notice and the names of those who write obey the word filter; names in the news are left out")
  func wordFilter() throws {
    var room = try Cast.liveRoom()
    _ = try room.set { $0.wordFilter = ["spam"] }
    var change = notice("Ｓpam!")
    #expect(throws: SignalingError.chatFiltered) { try room.update(change, by: Cast.host, at: .zero) }
    (change.notice, change.title) = (nil, "More SPAM")
    #expect(throws: SignalingError.chatFiltered) { try room.update(change, by: Cast.host, at: .zero) }
    (change.title, change.category) = (nil, "spam")
    #expect(throws: SignalingError.chatFiltered) { try room.update(change, by: Cast.host, at: .zero) }
    (change.category, change.tags) = (nil, ["fine", "spam"])
    #expect(throws: SignalingError.chatFiltered) { try room.update(change, by: Cast.host, at: .zero) }
    let rude = Person(id: "rude", name: "spammer")
    #expect(throws: SignalingError.chatFiltered) { try room.say(id: "m", .text, "hello", by: rude, at: .zero) }
    #expect(throws: Never.self) { try room.say(id: "m", .text, "hello", by: Cast.bob, at: .zero) }
    room.joinAudience(rude, at: .zero)
    _ = try room.like(1, by: rude, at: .zero)
    let news = room.advance(to: .seconds(3)).events
    #expect(news.contains(.chat(.audience(AudienceNews(entered: [], enteredCount: 1, left: 0)))))
  }
}
