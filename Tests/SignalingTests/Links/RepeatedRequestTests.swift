import Signaling
import Testing

@Suite struct RepeatedRequestTests {
  private func ask(_ book: inout LinkBook, _ from: String, _ to: String, at now: Double) throws -> [LinkAction] {
    try book.request(
      id: "\(from)-\(to)-\(now)", from: LinkCast.party(from), to: LinkCast.party(to), by: LinkCast.host(from),
      at: .seconds(now))
  }

  /// `from` asks `to`, who says no at once.
  private func askInVain(_ book: inout LinkBook, _ from: String, _ to: String, at now: Double) throws {
    _ = try ask(&book, from, to, at: now)
    _ = try book.reject(
      "\(from)-\(to)-\(now)", as: LinkCast.room(to), by: LinkCast.host(to), at: .seconds(now))
  }

  @Test("Who was refused waits longer each time before he asks the same room, and not at all for another one")
  func pauses() throws {
    var book = LinkBook()
    var now = 0.0
    for pause in [3.0, 10, 30, 60, 60] {
      try askInVain(&book, "a", "b", at: now)
      #expect(throws: SignalingError.linkTooOften) { try ask(&book, "a", "b", at: now + pause - 0.1) }
      #expect(abs(book.requestPause(of: "a", for: "b", at: .seconds(now)) - pause) < 0.01)
      now += pause
    }
    try askInVain(&book, "a", "b", at: now)
    try askInVain(&book, "a", "c", at: now + 3)
    try askInVain(&book, "b", "a", at: now + 6)
  }

  @Test("A request that nobody answers, or that is taken back, counts like a refused one")
  func otherEndings() throws {
    var book = LinkBook()
    _ = try ask(&book, "a", "b", at: 0)
    _ = book.advance(to: .seconds(10))
    #expect(throws: SignalingError.linkTooOften) { try ask(&book, "a", "b", at: 12.9) }
    _ = try ask(&book, "a", "b", at: 13)
    _ = try book.cancel("a-b-13.0", as: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(14))
    #expect(throws: SignalingError.linkTooOften) { try ask(&book, "a", "b", at: 23.9) }
    _ = try ask(&book, "a", "b", at: 24)
    _ = book.roomGone("a", at: .seconds(25))
    #expect(throws: SignalingError.linkTooOften) { try ask(&book, "a", "b", at: 54.9) }
  }

  @Test("Refusals are forgotten after ten minutes, and when both rooms were linked")
  func forgetting() throws {
    var book = LinkBook()
    try askInVain(&book, "a", "b", at: 0)
    try askInVain(&book, "a", "b", at: 3)
    try askInVain(&book, "a", "b", at: 603)
    try askInVain(&book, "a", "b", at: 606)
    _ = try ask(&book, "b", "a", at: 607)
    _ = try book.accept(
      "b-a-607.0", as: LinkCast.party("a"), members: [LinkCast.party("b")], by: LinkCast.host("a"), at: .seconds(607))
    _ = try book.leave("b-a-607.0", as: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(608))
    #expect(throws: Never.self) { try askInVain(&book, "a", "b", at: 610) }
  }

  @Test("A room that is asked may ask another one, and declines by that")
  func askedAsks() throws {
    var book = LinkBook()
    _ = try ask(&book, "a", "b", at: 0)
    let actions = try ask(&book, "b", "c", at: 1)
    #expect(try book.link("a-b-0.0", for: "a").state == .rejected && book.link(of: "a") == nil)
    #expect(book.link(of: "b")?.id == "b-c-1.0" && book.link(of: "c")?.id == "b-c-1.0")
    guard case .updated(_, let answer) = actions.events(for: "a").first else {
      Issue.record("a was not told")
      return
    }
    #expect(answer?.room == "b" && answer?.outcome == .rejected)
    #expect(throws: SignalingError.linkBusy) { try ask(&book, "b", "d", at: 60) }
  }

  @Test("Whoever asks in vain while he is asked can still say yes")
  func refusedAsker() throws {
    var book = LinkBook()
    _ = try ask(&book, "a", "b", at: 0)
    #expect(throws: SignalingError.linkBusy) { try ask(&book, "b", "a", at: 1) }
    #expect(throws: SignalingError.linkNotLive) {
      try book.request(
        id: "x", from: LinkCast.party("b"), to: LinkCast.party("c", isLive: false), by: LinkCast.host("b"),
        at: .seconds(1))
    }
    let accepted = try book.accept(
      "a-b-0.0", as: LinkCast.party("b"), members: [LinkCast.party("a")], by: LinkCast.host("b"), at: .seconds(2))
    #expect(accepted.joined == [["a", "b"]])
  }

  @Test("Of a link that goes on, who said no or left is told that it is closed for him, and a stranger nothing")
  func former() throws {
    var book = try LinkCast.linked(["a", "b", "c"])
    let (a, d) = (LinkCast.room("a"), LinkCast.room("d"))
    _ = try book.invite(LinkCast.party("d"), into: "l", from: a, by: a.host, at: .seconds(60))
    _ = try book.reject("l", as: d, by: d.host, at: .seconds(61))
    _ = book.roomGone("c", at: .seconds(62))
    for name in ["c", "d"] {
      #expect(throws: SignalingError.linkClosed) {
        try book.accept("l", as: LinkCast.party(name), members: [], by: LinkCast.host(name), at: .seconds(63))
      }
    }
    #expect(throws: SignalingError.linkUnknown) {
      try book.accept("l", as: LinkCast.party("e"), members: [], by: LinkCast.host("e"), at: .seconds(63))
    }
    _ = try book.invite(LinkCast.party("d"), into: "l", from: a, by: a.host, at: .seconds(70))
    _ = try book.accept("l", as: LinkCast.party("d"), members: [], by: d.host, at: .seconds(71))
    #expect(book.activeLink(of: "d")?.members.count == 3)
  }
}
