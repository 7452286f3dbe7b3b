import Signaling
import Testing

@Suite struct BattleProposalTests {
  private let a = LinkCast.room("a")
  private let b = LinkCast.room("b")

  private func asked(_ rooms: [String] = ["a", "b"]) throws -> LinkBook {
    var book = try LinkCast.linked(rooms)
    _ = try book.proposeBattle("l", duration: 60, as: a, by: a.host, at: .seconds(20))
    return book
  }

  private func answers(_ actions: [LinkAction], for room: String) -> [BattleAnswer.Outcome] {
    actions.events(for: room).compactMap { if case .battleAnswered(_, let answer) = $0 { answer.outcome } else { nil } }
  }

  @Test("The other host is asked, and until he agrees no battle runs and no point counts")
  func consent() throws {
    var book = try LinkCast.linked()
    let actions = try book.proposeBattle("l", duration: 60, as: a, by: a.host, at: .seconds(20))
    let requests = actions.events(for: "b").filter { if case .battleRequested(_, 10) = $0 { true } else { false } }
    #expect(requests.count == 1)
    #expect(actions.allSatisfy { if case .tell(_, .host, _) = $0 { true } else { false } })
    _ = book.score(5, for: "a", at: .seconds(21))
    #expect(book.link(of: "a")?.battle == nil && book.nextDeadline == .seconds(30))
    let begun = try book.acceptBattle("l", as: b, by: b.host, at: .seconds(22))
    #expect(answers(begun, for: "a") == [.accepted])
    let battle = try #require(book.link(of: "a")?.battle)
    #expect(battle.isRunning && battle.deadline == .seconds(82) && battle.scores == ["a": 0, "b": 0])
    #expect(book.link(of: "a")?.proposal == nil)
  }

  @Test("A host who says no says why, and one who says nothing has said no after ten seconds")
  func refusal() throws {
    var book = try asked()
    #expect(throws: SignalingError.battleNotProposed) {
      try book.rejectBattle("l", as: a, by: a.host, at: .seconds(21))
    }
    let refused = try book.rejectBattle("l", reason: "Tired", as: b, by: b.host, at: .seconds(21))
    #expect(answers(refused, for: "a") == [.rejected] && book.link(of: "a")?.battle == nil)
    _ = try book.proposeBattle("l", duration: 60, as: a, by: a.host, at: .seconds(30))
    let late = book.advance(to: .seconds(40))
    #expect(answers(late, for: "a") == [.expired] && answers(late, for: "b") == [.expired])
    #expect(throws: SignalingError.battleNotProposed) {
      try book.acceptBattle("l", as: b, by: b.host, at: .seconds(40))
    }
    #expect(book.link(of: "a")?.state == .active && book.nextDeadline == nil)
  }

  @Test("Who asked takes it back; nobody asks twice, at once, or in place of another")
  func withdrawal() throws {
    var book = try asked()
    for room in [a, b] {
      #expect(throws: SignalingError.battleProposed) {
        try book.proposeBattle("l", duration: 60, as: room, by: room.host, at: .seconds(25))
      }
    }
    #expect(throws: SignalingError.forbidden) { try book.acceptBattle("l", as: b, by: a.host, at: .seconds(25)) }
    #expect(throws: SignalingError.battleNone) { try book.endBattle("l", as: b, by: b.host, at: .seconds(21)) }
    let actions = try book.endBattle("l", as: a, by: a.host, at: .seconds(21))
    #expect(answers(actions, for: "b") == [.cancelled])
    #expect(throws: SignalingError.linkTooOften) {
      try book.proposeBattle("l", duration: 60, as: a, by: a.host, at: .seconds(22))
    }
    #expect(abs(book.battlePause(of: "a", at: .seconds(22)) - 1) < 0.01 && book.battlePause(of: "b", at: .zero) == 0)
  }

  @Test("With a link of two ends what one of them has asked, whoever goes, and both hosts are told")
  func endOfLink() throws {
    for (leaver, other) in [(a, b), (b, a)] {
      var book = try asked()
      let actions = try book.leave("l", as: leaver, by: leaver.host, at: .seconds(21))
      for room in [leaver, other] {
        let events = actions.events(for: room.id)
        guard case .battleAnswered(let link, let answer)? = events.first, case .updated(let ended, nil)? = events.last
        else {
          Issue.record("\(events)")
          return
        }
        #expect(answer.room == "a" && answer.outcome == .cancelled && answer.reason == "link.ended")
        #expect(link.proposal == nil && ended.state == .ended && events.count == 2)
      }
    }
    var silent = try asked()
    let gone = silent.roomGone("b", at: .seconds(21))
    #expect(answers(gone, for: "a") == [.cancelled] && silent.nextDeadline == nil)
  }

  @Test("Of three rooms all have to agree; one that leaves is waited for no more, and who asked takes it along")
  func three() throws {
    let c = LinkCast.room("c")
    var book = try asked(["a", "b", "c"])
    _ = try book.acceptBattle("l", as: b, by: b.host, at: .seconds(21))
    #expect(book.link(of: "a")?.battle == nil)
    var leaving = book
    _ = try book.acceptBattle("l", as: c, by: c.host, at: .seconds(22))
    #expect(book.link(of: "a")?.battle?.scores.count == 3)
    var asker = leaving
    _ = leaving.roomGone("c", at: .seconds(22))
    #expect(leaving.link(of: "a")?.battle?.scores == ["a": 0, "b": 0])
    let gone = asker.roomGone("a", at: .seconds(22))
    #expect(answers(gone, for: "b") == [.cancelled] && answers(gone, for: "c") == [.cancelled])
    #expect(asker.link(of: "b")?.battle == nil && asker.link(of: "b")?.proposal == nil)
  }
}
