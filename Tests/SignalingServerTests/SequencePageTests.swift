import Testing

@testable import SignalingServer

@Suite struct SequencePageTests {
  private func page(_ query: [String: String]) throws(APIError) -> SequencePage {
    try SequencePage({ query[$0] }, refusal: .roomCursor)
  }

  @Test("A page leads on only if there is more, from the last entry that it shows")
  func cut() throws {
    let wanted = try page(["limit": "2", "cursor": "9"])
    #expect(wanted.before == 9 && wanted.lookAhead == 3)
    let first = wanted.cut([8, 7, 6] as [Int64]) { $0 }
    #expect(Array(first.page) == [8, 7] && first.next == "7")
    let last = wanted.cut([6, 5] as [Int64]) { $0 }
    #expect(Array(last.page) == [6, 5] && last.next == nil)
  }

  @Test("Nothing said means the first twenty")
  func nothing() throws {
    for query in [[:], ["limit": "", "cursor": ""]] as [[String: String]] {
      let wanted = try page(query)
      #expect(wanted.before == nil && wanted.limit == 20)
    }
  }

  @Test(
    "What is no number, or out of range, is refused with the code of the list",
    arguments: [("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "0"), ("cursor", "-1"), ("cursor", "1.5")])
  func refusals(name: String, value: String) {
    #expect(throws: APIError.roomCursor) { try page([name: value]) }
  }
}
