import Signaling
import Testing

@Suite struct BattleTests {
  @Test("A battle asked for with the link begins with it, counts points and names the winner when its time is over")
  func battle() throws {
    var book = try LinkCast.linked(battle: 30)
    _ = book.score(10, for: "a", at: .seconds(1))
    _ = book.score(7, for: "b", at: .seconds(2))
    _ = book.score(3, for: "a", at: .seconds(29.9))
    _ = book.score(100, for: "b", at: .seconds(30))
    let over = book.advance(to: .seconds(30.2))
    let battle = try #require(book.link(of: "a")?.battle)
    #expect(battle.scores == ["a": 13, "b": 7] && battle.winner == "a" && battle.state == .over)
    #expect(over.events(for: "b").count { if case .battleOver = $0 { true } else { false } } == 1)
  }

  @Test("Equal scores are a draw")
  func draw() throws {
    var book = try LinkCast.linked(battle: 30)
    _ = book.score(5, for: "a", at: .seconds(1))
    _ = book.score(5, for: "b", at: .seconds(2))
    _ = book.advance(to: .seconds(30))
    #expect(book.link(of: "a")?.battle?.state == .over && book.link(of: "a")?.battle?.winner == nil)
  }

  @Test("However many likes come, the scores are told once a second, the last ones too")
  func scoreRate() throws {
    var book = try LinkCast.linked(battle: 600)
    var told: [[String: Int]] = []
    for step in 1...100 {
      let now = Instant.seconds(Double(step) / 20)
      for event in (book.score(1, for: "a", at: now) + book.advance(to: now)).events(for: "b") {
        if case .battleScore(let link) = event { told.append(link.battle?.scores ?? [:]) }
      }
    }
    for event in book.advance(to: .seconds(6.5)).events(for: "b") {
      if case .battleScore(let link) = event { told.append(link.battle?.scores ?? [:]) }
    }
    #expect((5...6).contains(told.count))
    #expect(told.last == ["a": 100, "b": 0])
  }

  @Test("Points without a battle, after it, or below one count for nothing")
  func strayPoints() throws {
    var book = try LinkCast.linked()
    #expect(book.score(5, for: "a", at: .seconds(1)).isEmpty)
    #expect(book.score(5, for: "stranger", at: .seconds(1)).isEmpty)
    _ = try book.battle(30, by: "b", at: .seconds(2))
    _ = book.score(-5, for: "a", at: .seconds(3))
    _ = book.score(.max, for: "a", at: .seconds(3))
    _ = book.score(.max, for: "a", at: .seconds(4))
    #expect(book.link(of: "a")?.battle?.scores == ["a": Battle.maximumScore, "b": 0])
  }

  @Test("Who gives up cannot win, however he stands")
  func givingUp() throws {
    var book = try LinkCast.linked(battle: 60)
    _ = book.score(50, for: "a", at: .seconds(1))
    _ = try book.endBattle("l", as: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(2))
    #expect(book.link(of: "a")?.battle?.winner == "b")
    #expect(book.link(of: "a")?.state == .active)
    #expect(throws: SignalingError.battleNone) {
      try book.endBattle("l", as: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(3))
    }
    var leaving = try LinkCast.linked(battle: 60)
    _ = leaving.score(50, for: "a", at: .seconds(1))
    let actions = try leaving.leave("l", as: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(2))
    let ended = try leaving.link("l", for: "b")
    #expect(ended.battle?.winner == "b" && ended.battle?.scores["a"] == 50 && ended.state == .ended)
    #expect(actions.parted == [["a", "b"]])
  }

  @Test("A room that leaves a battle of three keeps its score in the table, and the others go on")
  func leavingThree() throws {
    var book = try LinkCast.linked(["a", "b", "c"])
    _ = try book.battle(60, by: "a", at: .seconds(10))
    _ = book.score(9, for: "c", at: .seconds(11))
    _ = book.score(2, for: "b", at: .seconds(11))
    _ = book.roomGone("c", at: .seconds(12))
    #expect(book.link(of: "a")?.battle?.isRunning == true)
    _ = book.advance(to: .seconds(70))
    let battle = try #require(book.link(of: "a")?.battle)
    #expect(battle.winner == "b" && battle.scores == ["a": 0, "b": 2, "c": 9])
  }

  @Test("The punishment follows the result, and a new battle only the punishment")
  func punishment() throws {
    var limits = LinkLimits()
    limits.punishment = 20
    var book = try LinkCast.linked(battle: 30, limits: limits)
    _ = book.advance(to: .seconds(31))
    #expect(book.link(of: "a")?.battle?.state == .punishment(until: .seconds(50)))
    #expect(throws: SignalingError.battleRunning) {
      try book.proposeBattle("l", duration: 30, as: LinkCast.room("a"), by: LinkCast.host("a"), at: .seconds(32))
    }
    #expect(!book.advance(to: .seconds(50)).isEmpty)
    _ = try book.battle(30, by: "a", at: .seconds(51))
    #expect(book.link(of: "a")?.battle?.isRunning == true)
  }

  @Test("Battles of another length, before the link or for strangers are refused")
  func refusals() throws {
    var book = try LinkCast.linked()
    for duration in [29.0, 601, .infinity, .nan] {
      #expect(throws: SignalingError.battleDuration) {
        try book.proposeBattle("l", duration: duration, as: LinkCast.room("a"), by: LinkCast.host("a"), at: .zero)
      }
    }
    #expect(throws: SignalingError.linkUnknown) {
      try book.proposeBattle("l", duration: 60, as: LinkCast.room("z"), by: LinkCast.host("z"), at: .zero)
    }
    var pending = LinkBook()
    _ = try pending.request(
      id: "l", from: LinkCast.party("a"), to: LinkCast.party("b"), by: LinkCast.host("a"), at: .zero)
    #expect(throws: SignalingError.linkPending) {
      try pending.proposeBattle("l", duration: 60, as: LinkCast.room("a"), by: LinkCast.host("a"), at: .zero)
    }
  }

  @Test("While a battle runs nobody further is asked, and who was asked before joins without a score and cannot end it")
  func joiningLate() throws {
    var book = try LinkCast.linked()
    let (room, host) = (LinkCast.room("a"), LinkCast.host("a"))
    _ = try book.invite(LinkCast.party("c"), into: "l", from: room, by: host, at: .seconds(10))
    _ = try book.battle(60, by: "a", at: .seconds(11))
    #expect(throws: SignalingError.battleRunning) {
      try book.invite(LinkCast.party("d"), into: "l", from: room, by: host, at: .seconds(20))
    }
    _ = try book.accept("l", as: LinkCast.party("c"), members: [], by: LinkCast.host("c"), at: .seconds(12))
    _ = book.score(5, for: "c", at: .seconds(13))
    #expect(book.link(of: "c")?.battle?.scores == ["a": 0, "b": 0])
    #expect(throws: SignalingError.battleNone) {
      try book.endBattle("l", as: LinkCast.room("c"), by: LinkCast.host("c"), at: .seconds(14))
    }
    #expect(book.link(of: "a")?.battle?.isRunning == true)
  }
}
