import MixCore
import Testing

@testable import Transport

@Suite("ICE-lite")
struct ICELiteAgentTests {
  let local = ICEIdentity(ufrag: "serv", password: "server password of some length")
  let remote = ICEIdentity(ufrag: "clie", password: "client password of some length")
  let home = SocketAddress(ipv4: (192, 0, 2, 1), port: 1000)
  let away = SocketAddress(ipv4: (192, 0, 2, 2), port: 2000)

  func agent() -> ICELiteAgent {
    var agent = ICELiteAgent(local: local)
    agent.setRemote(remote)
    return agent
  }

  func check(
    username: String = "serv:clie", password: String = "server password of some length", nominate: Bool = true,
    controlling: Bool = true, transaction: UInt64 = 7
  ) -> [UInt8] {
    var writer = STUNWriter(.request, transaction: STUNTransactionID(high: 1, low: transaction))
    writer.append(.username, Array(username.utf8))
    writer.append(.priority, UInt32(1))
    writer.append(controlling ? .iceControlling : .iceControlled, UInt64(5))
    if nominate { writer.append(.useCandidate) }
    return writer.finished(password: Array(password.utf8))
  }

  func receive(
    _ datagram: [UInt8], by agent: inout ICELiteAgent, from source: SocketAddress, at milliseconds: Int64 = 0
  ) -> (outcome: ICEOutcome, answers: [[UInt8]]) {
    var queue = TransmitQueue()
    let outcome = agent.receive(datagram.span, from: source, now: .milliseconds(milliseconds), into: &queue)
    let answers = queue.datagrams.filter { $0.destination == source }.map {
      Array(queue.bytes[$0.offset..<($0.offset + $0.length)])
    }
    return (outcome, answers)
  }

  @Test("a valid check is answered with the address it came from, under the same password")
  func answer() throws {
    var agent = agent()
    let result = receive(check(), by: &agent, from: home)
    #expect(result.outcome == .authenticated)
    let answer = try read(try #require(result.answers.first))
    #expect(answer.messageClass == .success)
    #expect(answer.mappedAddress == home)
    #expect(isValid(answer, in: result.answers[0], password: Array(local.password.utf8)))
    #expect(agent.selected == home)
  }

  @Test("nothing but a valid check is answered")
  func silence() {
    var agent = agent()
    var indication = check()
    indication[1] |= 0x10
    for datagram in [
      check(username: "serv:wrong"), check(username: "wrong:clie"), check(password: "another password"), indication,
      Array(check().dropLast(8)), [],
    ] {
      let result = receive(datagram, by: &agent, from: home)
      #expect(result.outcome != .authenticated)
      #expect(result.answers.isEmpty)
    }
    #expect(!agent.isKnown(home))
    #expect(agent.selected == nil)
  }

  @Test("nothing is valid before the peer's description is known")
  func early() {
    var agent = ICELiteAgent(local: local)
    #expect(receive(check(), by: &agent, from: home).outcome == .dropped(.stunCredentials))
  }

  @Test("a peer that wants to be controlled is told of the conflict")
  func roleConflict() throws {
    var agent = agent()
    let result = receive(check(controlling: false), by: &agent, from: home)
    #expect(try read(try #require(result.answers.first)).errorCode == 487)
    #expect(agent.selected == nil)
  }

  @Test("an address is selected by nomination only")
  func nomination() {
    var agent = agent()
    _ = receive(check(nominate: false), by: &agent, from: home)
    #expect(agent.isKnown(home))
    #expect(agent.selected == nil)
    _ = receive(check(), by: &agent, from: away)
    #expect(agent.selected == away)
  }

  @Test("once media flows, a nominated address is used only after authentic media came from it")
  func proof() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    agent.mediaAuthenticated(from: home, now: .zero)
    _ = receive(check(), by: &agent, from: away, at: 100)
    agent.handshakeContinues(from: away)
    #expect(agent.selected == home)
    agent.mediaAuthenticated(from: away, now: .zero)
    #expect(agent.selected == away)
    // A packet that was overtaken.
    agent.mediaAuthenticated(from: home, now: .zero)
    #expect(agent.selected == away)
  }

  @Test("media from an address that was never nominated moves nothing as long as the old one is heard")
  func notNominated() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    agent.mediaAuthenticated(from: home, now: .zero)
    _ = receive(check(nominate: false), by: &agent, from: away, at: 100)
    for step in 1...20 as ClosedRange<Int64> {
      agent.mediaAuthenticated(from: step % 4 == 0 ? home : away, now: .milliseconds(100 * step))
    }
    #expect(agent.selected == home)
  }

  @Test("consent without nomination and media from nowhere else for half a second move the destination")
  func consentOnly() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    agent.mediaAuthenticated(from: home, now: .zero)
    for step in 1...9 as ClosedRange<Int64> { agent.mediaAuthenticated(from: away, now: .milliseconds(100 * step)) }
    #expect(agent.selected == home, "without a check it may be anybody's address")
    _ = receive(check(nominate: false), by: &agent, from: away, at: 1000)
    #expect(agent.selected == home, "a check may be a copy")
    agent.mediaAuthenticated(from: away, now: .milliseconds(1005))
    #expect(agent.selected == away)
    // A packet that was overtaken.
    agent.mediaAuthenticated(from: home, now: .milliseconds(1010))
    #expect(agent.selected == away)
  }

  @Test("a peer whose checks still come from the old address is not moved by copies of his packets")
  func copies() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    agent.mediaAuthenticated(from: home, now: .zero)
    for step in 1...20 as ClosedRange<Int64> {
      if step % 4 == 0 { _ = receive(check(nominate: false), by: &agent, from: home, at: 100 * step) }
      _ = receive(check(nominate: false), by: &agent, from: away, at: 100 * step)
      agent.mediaAuthenticated(from: away, now: .milliseconds(100 * step))
    }
    #expect(agent.selected == home)
  }

  @Test("of many addresses eight are remembered, the selected one always")
  func bound() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    for port in 1...100 as ClosedRange<UInt16> {
      let source = SocketAddress(ipv4: (203, 0, 113, 1), port: port)
      _ = receive(check(), by: &agent, from: source, at: Int64(port))
    }
    #expect(agent.isKnown(home))
    #expect(agent.selected == home)
    let known = (1...100 as ClosedRange<UInt16>).filter {
      agent.isKnown(SocketAddress(ipv4: (203, 0, 113, 1), port: $0))
    }
    #expect(known == Array(94...100))
  }

  @Test("after a restart both credentials are valid until the new ones are used to nominate")
  func restart() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    agent.restart(
      local: ICEIdentity(ufrag: "new1", password: "another server password"),
      remote: ICEIdentity(ufrag: "new2", password: "another client password"))
    let new = check(username: "new1:new2", password: "another server password")
    #expect(receive(check(), by: &agent, from: home).outcome == .authenticated)
    #expect(receive(new, by: &agent, from: home).outcome == .authenticated)
    #expect(receive(check(), by: &agent, from: home).outcome == .dropped(.stunCredentials))
    #expect(agent.selected == home)
  }

  @Test("of many restarts that nobody completes a few are remembered, and always the credentials in use")
  func restarts() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    for number in 1...20 {
      agent.restart(
        local: ICEIdentity(ufrag: "new\(number)", password: "another server password"),
        remote: ICEIdentity(ufrag: "try\(number)", password: "another client password"))
    }
    #expect(agent.localUfrags == ["serv", "new18", "new19", "new20"])
    #expect(receive(check(), by: &agent, from: home).outcome == .authenticated)
    let last = check(username: "new19:try19", password: "another server password")
    #expect(receive(last, by: &agent, from: home).outcome == .authenticated)
    #expect(agent.localUfrags == ["new19", "new20"])
  }

  @Test("checks without nomination end no credentials")
  func restartWithoutNomination() {
    var agent = agent()
    agent.restart(
      local: ICEIdentity(ufrag: "new1", password: "another server password"),
      remote: ICEIdentity(ufrag: "new2", password: "another client password"))
    let new = check(username: "new1:new2", password: "another server password", nominate: false)
    #expect(receive(new, by: &agent, from: away).outcome == .authenticated)
    #expect(agent.localUfrags == ["serv", "new1"])
  }

  @Test("media from a new address may come before the check that nominates it")
  func mediaFirst() {
    var agent = agent()
    _ = receive(check(), by: &agent, from: home)
    agent.mediaAuthenticated(from: home, now: .zero)
    agent.mediaAuthenticated(from: away, now: .zero)
    #expect(agent.selected == home)
    #expect(!agent.isKnown(away))
    _ = receive(check(), by: &agent, from: away, at: 100)
    #expect(agent.selected == away)
    // A check of the old address that was overtaken.
    _ = receive(check(), by: &agent, from: home, at: 200)
    #expect(agent.selected == away)
  }
}
