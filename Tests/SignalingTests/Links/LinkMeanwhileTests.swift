import Signaling
import Testing

/// What happens between the look at the rooms and their link.
@Suite struct LinkMeanwhileTests {
  /// Room a has asked room b.
  private static func asked() throws -> LinkBook {
    var book = LinkBook()
    _ = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    return book
  }

  private static func accept(_ book: inout LinkBook, at now: Instant) throws -> [LinkAction] {
    try book.accept(
      "l", as: LinkCast.party("b"), members: [LinkCast.party("a")], by: LinkCast.host("b"), at: now)
  }

  @Test("Whoever agrees and vanishes before the link begins has half a minute to come back, like any other host")
  func vanished() throws {
    var book = try Self.asked()
    #expect(book.hostLost("b", at: .seconds(1)).isEmpty)
    _ = try Self.accept(&book, at: .seconds(2))
    #expect(book.nextDeadline == .seconds(31))
    #expect(book.advance(to: .seconds(31)).parted == [["a", "b"]])
  }

  @Test("Whoever was silent while he was asked, and is heard again, is not waited for")
  func returned() throws {
    var book = try Self.asked()
    _ = book.hostLost("b", at: .seconds(1))
    #expect(book.hostReturned("b").isEmpty)
    _ = try Self.accept(&book, at: .seconds(2))
    #expect(book.nextDeadline == nil)
  }

  @Test("A name that changes before the link begins is the new one in it")
  func renamed() throws {
    var book = try Self.asked()
    _ = book.rename(Person(id: "host-b", name: "New"))
    _ = try Self.accept(&book, at: .zero)
    #expect(book.activeLink(of: "b")?.members.map(\.room.host.name) == ["Host a", "New"])
  }

  @Test("Nobody is linked with the room that asked and is over")
  func over() throws {
    var book = try Self.asked()
    #expect(throws: SignalingError.linkNotLive) {
      try book.accept("l", as: LinkCast.party("b"), members: [], by: LinkCast.host("b"), at: .zero)
    }
    #expect(book.activeLink(of: "b") == nil)
  }

  @Test("Hosts who are asked hear that one more is asked, as they hear that one is not any more")
  func furtherAsked() throws {
    var book = try Self.asked()
    let actions = try book.invite(
      LinkCast.party("c"), into: "l", from: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(3))
    for name in ["a", "b"] {
      guard case .updated(let link, nil) = actions.events(for: name).first else {
        Issue.record("\(name) was not told")
        continue
      }
      #expect(link.invitations.map(\.room.id) == ["b", "c"])
    }
    #expect(actions.events(for: "c").count == 1)
  }

  @Test("A new name reaches the links in the same order whenever it is told")
  func orderOfNames() throws {
    var book = LinkBook()
    let host = LinkCast.host("a")
    for name in ["a", "d", "c", "b", "e"] {
      let own = LinkParty(
        room: LinkRoom(id: "own-\(name)", title: "", host: host), isLive: true, isStageOccupied: false)
      _ = try book.request(id: name, from: own, to: LinkCast.party("x\(name)"), by: host, at: .zero)
    }
    let told = book.rename(Person(id: host.id, name: "New")).compactMap { action in
      if case .tell(let room, _, _) = action, room.hasPrefix("own-") { room } else { nil }
    }
    #expect(told == ["a", "b", "c", "d", "e"].map { "own-\($0)" })
  }
}
