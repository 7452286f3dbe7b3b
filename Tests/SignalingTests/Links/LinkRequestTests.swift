import Signaling
import Testing

@Suite struct LinkRequestTests {
  @Test("A request reaches the other host, and his yes links both rooms")
  func accepting() throws {
    var book = LinkBook()
    let asked = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    #expect(asked.joined.isEmpty)
    guard case .requested(let link, let timeout) = asked.events(for: "b").first else {
      Issue.record("b was not asked")
      return
    }
    #expect(link.state == .pending && timeout == 10)
    #expect(book.activeLink(of: "a") == nil && book.link(of: "b")?.id == "l")
    let accepted = try book.accept(
      "l", as: LinkCast.party("b"), members: [LinkCast.party("a")], by: LinkCast.host("b"), at: .seconds(9))
    #expect(accepted.joined == [["a", "b"]])
    #expect(book.activeLink(of: "a") == book.activeLink(of: "b"))
    guard case .updated(let begun, let answer) = accepted.events(for: "a").first else {
      Issue.record("a was not told")
      return
    }
    #expect(begun.state == .active && answer?.room == "b" && answer?.outcome == .active)
    #expect(book.nextDeadline == nil)
  }

  @Test("Nobody but the asked host answers, and nobody else learns of the request")
  func strangers() throws {
    var book = LinkBook()
    _ = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    #expect(throws: SignalingError.linkUnknown) {
      try book.accept("l", as: LinkCast.party("c"), members: [], by: LinkCast.host("c"), at: .zero)
    }
    #expect(throws: SignalingError.forbidden) {
      try book.accept("l", as: LinkCast.party("b"), members: [], by: LinkCast.host("a"), at: .zero)
    }
    #expect(throws: SignalingError.linkClosed) {
      try book.accept("l", as: LinkCast.party("a"), members: [], by: LinkCast.host("a"), at: .zero)
    }
    #expect(throws: SignalingError.forbidden) {
      try book.request(id: "m", from: LinkCast.party("c"), to: LinkCast.party("d"), by: LinkCast.host("d"), at: .zero)
    }
  }

  @Test("A no, a change of mind and ten silent seconds each end the request with their own state")
  func endings() throws {
    func asking() throws -> LinkBook {
      var book = LinkBook()
      _ = try book.request(
        id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
      return book
    }
    var rejected = try asking()
    _ = try rejected.reject("l", as: LinkCast.room("b"), reason: " no ", by: LinkCast.host("b"), at: .zero)
    #expect(try rejected.link("l", for: "a").state == .rejected)
    var cancelled = try asking()
    _ = try cancelled.cancel("l", as: LinkCast.room("a"), by: LinkCast.host("a"), at: .zero)
    #expect(try cancelled.link("l", for: "b").state == .cancelled)
    var expired = try asking()
    #expect(expired.nextDeadline == .seconds(10))
    let actions = expired.advance(to: .seconds(10))
    #expect(actions.events(for: "a").count == 1 && actions.events(for: "b").count == 1)
    #expect(try expired.link("l", for: "a").state == .expired)
    for var book in [rejected, cancelled, expired] {
      #expect(book.link(of: "a") == nil && book.link(of: "b") == nil)
      #expect(throws: SignalingError.linkClosed) {
        try book.accept("l", as: LinkCast.party("b"), members: [], by: LinkCast.host("b"), at: .seconds(11))
      }
    }
  }

  @Test("A late answer is refused even before the clock has been told")
  func lateAnswer() throws {
    var book = LinkBook()
    _ = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    #expect(throws: SignalingError.linkClosed) {
      try book.accept("l", as: LinkCast.party("b"), members: [], by: LinkCast.host("b"), at: .seconds(10))
    }
  }

  @Test("Busy rooms, silent rooms, rooms with co-hosts and one's own rooms cannot be asked")
  func refusals() throws {
    var book = try LinkCast.linked()
    func ask(_ from: LinkParty, _ to: LinkParty) -> SignalingError? {
      var copy = book
      do {
        _ = try copy.request(id: "m", from: from, to: to, by: from.room.host, at: .seconds(60))
        return nil
      } catch { return error }
    }
    let (free, other) = (LinkCast.party("c"), LinkCast.party("d"))
    #expect(ask(LinkCast.party("a"), free) == .linkBusy)
    #expect(ask(free, LinkCast.party("b")) == .linkBusy)
    #expect(ask(free, free) == .linkSelf)
    let second = LinkParty(
      room: LinkRoom(id: "c2", title: "Second", host: free.room.host), isLive: true, isStageOccupied: false)
    #expect(ask(free, second) == .linkSelf)
    #expect(ask(free, LinkCast.party("d", isLive: false)) == .linkNotLive)
    #expect(ask(LinkCast.party("c", isLive: false), other) == .linkNotLive)
    #expect(ask(free, LinkCast.party("d", isStageOccupied: true)) == .linkStageOccupied)
    #expect(ask(LinkCast.party("c", isStageOccupied: true), other) == .linkStageOccupied)
    #expect(ask(free, other) == nil)
    _ = try book.request(id: "m", from: free, to: other, by: free.room.host, at: .seconds(60))
    #expect(ask(LinkCast.party("e"), other) == .linkBusy)
  }

  @Test("Whoever took a co-host on stage meanwhile cannot be linked")
  func stageMeanwhile() throws {
    var book = LinkBook()
    _ = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    #expect(throws: SignalingError.linkStageOccupied) {
      try book.accept(
        "l", as: LinkCast.party("b"), members: [LinkCast.party("a", isStageOccupied: true)], by: LinkCast.host("b"),
        at: .zero)
    }
    #expect(book.link(of: "a")?.state == .pending)
  }

  @Test("Further rooms join up to four, and one that leaves is alone while the others stay together")
  func furtherRooms() throws {
    var book = try LinkCast.linked(["a", "b", "c", "d"])
    #expect(book.link(of: "d")?.members.count == 4)
    #expect(throws: SignalingError.linkFull) {
      try book.invite(
        LinkCast.party("e"), into: "l", from: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(60))
    }
    let left = try book.leave("l", as: LinkCast.room("b"), by: LinkCast.host("b"), at: .seconds(60))
    #expect(left.joined == [["a", "c", "d"]] && left.parted == [["b"]])
    #expect(book.link(of: "b") == nil)
    #expect(book.link(of: "a")?.state == .active)
    _ = book.roomGone("c", at: .seconds(61))
    let last = book.roomGone("a", at: .seconds(62))
    #expect(last.parted == [["a", "d"]])
    #expect(book.open.isEmpty)
  }

  @Test("Who asks again and again has to wait")
  func tooOften() throws {
    var book = LinkBook()
    _ = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    _ = try book.reject("l", as: LinkCast.room("b"), by: LinkCast.host("b"), at: .seconds(1))
    #expect(throws: SignalingError.linkTooOften) {
      try book.request(
        id: "m", from: LinkCast.party("a"), to: LinkCast.party("c"), by: LinkCast.host("a"), at: .seconds(2))
    }
    _ = try book.request(
      id: "m", from: LinkCast.party("a"), to: LinkCast.party("c"), by: LinkCast.host("a"), at: .seconds(3))
  }

  @Test("A host who is lost keeps his place for half a minute, and then the link ends")
  func absentHost() throws {
    var book = try LinkCast.linked()
    _ = book.hostLost("a", at: .seconds(5))
    #expect(book.nextDeadline == .seconds(35))
    _ = book.hostReturned("a")
    #expect(book.nextDeadline == nil)
    _ = book.hostLost("a", at: .seconds(40))
    #expect(book.advance(to: .seconds(70)).parted == [["a", "b"]])
  }

  @Test("The reason of a no is short text")
  func reasons() throws {
    var book = LinkBook()
    _ = try book.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    let long = String(repeating: "很", count: 101)
    #expect(throws: SignalingError.linkReasonInvalid) {
      try book.reject("l", as: LinkCast.room("b"), reason: long, by: LinkCast.host("b"), at: .zero)
    }
    let actions = try book.reject(
      "l", as: LinkCast.room("b"), reason: "later\u{202E}", by: LinkCast.host("b"), at: .zero)
    guard case .updated(_, let answer) = actions.events(for: "a").first else {
      Issue.record("a was not told")
      return
    }
    #expect(answer?.reason == "later" && answer?.outcome == .rejected)
  }
}
