import MixCore
import Testing

@testable import Transport

@Suite("ICE with full checks")
struct ICEControllingAgentTests {
  let local = ICEIdentity(ufrag: "clie", password: "client password of some length")
  let remote = ICEIdentity(ufrag: "serv", password: "server password of some length")
  let first = SocketAddress(ipv4: (198, 51, 100, 1), port: 7000)
  let second = SocketAddress(ipv4: (198, 51, 100, 2), port: 7000)

  func agent(_ candidates: [SocketAddress]) -> ICEControllingAgent {
    var agent = ICEControllingAgent(local: local, random: .seeded(state: 4))
    agent.setRemote(remote, candidates: candidates, now: .zero)
    return agent
  }

  func sent(by agent: inout ICEControllingAgent, at now: MediaTime) throws -> [(to: SocketAddress, STUNMessage)] {
    var queue = TransmitQueue()
    agent.advance(to: now, lastHeard: now, into: &queue)
    return try queue.datagrams.map {
      ($0.destination, try read(Array(queue.bytes[$0.offset..<($0.offset + $0.length)])))
    }
  }

  func answer(to request: STUNMessage, password: String = "server password of some length") -> [UInt8] {
    var writer = STUNWriter(.success, transaction: request.transaction)
    writer.append(.xorMappedAddress, STUNAddress.write(first, transaction: request.transaction))
    return writer.finished(password: Array(password.utf8))
  }

  func receive(
    _ datagram: [UInt8], by agent: inout ICEControllingAgent, from source: SocketAddress, at now: MediaTime
  ) -> ICEOutcome { agent.receive(datagram.span, from: source, now: now) }

  @Test("an unanswered check is sent again with growing pauses, as the same transaction")
  func retransmission() throws {
    var agent = agent([first])
    var times: [Int64] = []
    var transactions: Set<STUNTransactionID> = []
    for _ in 0..<8 {
      let now = agent.nextDeadline(lastHeard: .distantFuture)
      let check = try #require(try sent(by: &agent, at: now).first?.1)
      #expect(check.isBindingRequest && check.controlling != nil && !check.useCandidate)
      times.append(now.nanoseconds / 1_000_000)
      transactions.insert(check.transaction)
    }
    #expect(times == [0, 100, 300, 700, 1500, 3100, 4700, 6300])
    #expect(transactions.count == 1)
  }

  @Test("the first candidate that answers is nominated, the others are left alone")
  func nomination() throws {
    var agent = agent([first, second])
    let checks = try sent(by: &agent, at: .zero)
    #expect(checks.map(\.to) == [first, second])
    #expect(receive(answer(to: checks[1].1), by: &agent, from: second, at: .milliseconds(30)) == .authenticated)
    let nomination = try #require(try sent(by: &agent, at: .milliseconds(30)).first)
    #expect(nomination.to == second && nomination.1.useCandidate)
    #expect(agent.selected == nil)
    _ = receive(answer(to: nomination.1), by: &agent, from: second, at: .milliseconds(60))
    #expect(agent.selected == second)
    #expect(agent.roundTripTime == .milliseconds(30))
    let later = try sent(by: &agent, at: .seconds(10))
    #expect(later.map(\.to) == [second])
  }

  @Test("an answer counts only from where the question went, under the right password, once")
  func forgery() throws {
    var agent = agent([first])
    let check = try #require(try sent(by: &agent, at: .zero).first?.1)
    #expect(receive(answer(to: check), by: &agent, from: second, at: .zero) == .dropped(.stunUnexpected))
    #expect(
      receive(answer(to: check, password: "guessed password, wrong"), by: &agent, from: first, at: .zero)
        == .dropped(.stunCredentials))
    #expect(!agent.isKnown(first))
    #expect(receive(answer(to: check), by: &agent, from: first, at: .zero) == .authenticated)
    #expect(agent.isKnown(first))
    #expect(receive(answer(to: check), by: &agent, from: first, at: .zero) == .dropped(.stunUnexpected))
  }

  @Test("at most eight candidates are tried")
  func bound() throws {
    var agent = agent((1...50 as ClosedRange<UInt16>).map { SocketAddress(ipv4: (10, 0, 0, 1), port: $0) })
    #expect(try sent(by: &agent, at: .zero).count == 8)
  }
}
