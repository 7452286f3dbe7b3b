import Foundation
import Synchronization
import Testing

@testable import SignalingServer

@Suite struct WebhookSenderTests {
  private func target(_ url: String, _ format: Webhook.Format = .standard) -> Webhook {
    Webhook(id: "w", url: url, events: [], format: format, secret: "whsec_test", createdAt: 0)
  }

  private func event(attempts: Int = 0) throws -> WebhookDelivery {
    let live = WebhookEvent(.roomLive, room: .init(id: "r", title: "Show"))
    var delivery = WebhookDelivery(of: live, body: try live.body, to: target(""), lane: "r")
    delivery.attempts = attempts
    return delivery
  }

  private func sender(
    timeout: Double = 5, allowsPrivate: Bool = true, lookup: AddressResolver.Lookup? = nil
  ) -> WebhookSender {
    var limits = WebhookLimits()
    limits.timeout = timeout
    let resolver = lookup.map { AddressResolver(lookup: $0) } ?? AddressResolver()
    return WebhookSender(limits: limits, allowsPrivate: allowsPrivate, resolver: resolver)
  }

  @Test("A message carries its ids and a signature that fits its body")
  func headersAndBody() async throws {
    try await WebhookReceiver.run { receiver in
      let delivery = try event()
      let answer = await sender().send(delivery, to: target(receiver.url))
      #expect(answer == WebhookAnswer(status: 200, reason: nil))
      let got = try #require(receiver.received.first)
      #expect(got.head == "POST /hook HTTP/1.1" && got.body == delivery.body)
      #expect(got.headers["mixd-event-id"] == delivery.event && got.headers["mixd-delivery"] == delivery.id)
      #expect(got.headers["content-type"] == "application/json")
      let timestamp = try #require(got.headers["mixd-timestamp"].flatMap { Int64($0) })
      #expect(abs(Double(timestamp) - Date().timeIntervalSince1970) < 10)
      let expected = WebhookSignature(secret: "whsec_test").header(timestamp: timestamp, body: got.body)
      #expect(got.headers["mixd-signature"] == expected)
      #expect(got.object["type"] as? String == "room.live")
      #expect((got.object["room"] as? [String: Any])?["title"] as? String == "Show")
    }
  }

  @Test("The older form has its own fields, and the header signs the body with them")
  func legacy() async throws {
    try await WebhookReceiver.run { receiver in
      _ = await sender().send(try event(), to: target(receiver.url, .legacy))
      let got = try #require(receiver.received.first)
      #expect(got.object["t"] is Int && (got.object["sign"] as? String)?.count == 32)
      let timestamp = try #require(got.headers["mixd-timestamp"].flatMap { Int64($0) })
      #expect(got.object["t"] as? Int64 == timestamp + 600)
      let expected = WebhookSignature(secret: "whsec_test").header(timestamp: timestamp, body: got.body)
      #expect(got.headers["mixd-signature"] == expected)
    }
  }

  @Test("Connections are used again while the receiver keeps them")
  func keepAlive() async throws {
    try await WebhookReceiver.run({ _, _ in .answer(200, body: "thank you") }) { receiver in
      let sender = sender()
      for _ in 0..<5 {
        let answer = await sender.send(try event(), to: target(receiver.url))
        #expect(answer.isTaken)
      }
      #expect(receiver.received.count == 5 && receiver.connections == 1)
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let behaviour: WebhookReceiver.Behaviour
    let status: Int?
    /// Which of them is seen first may differ.
    let reasons: [String]
    var testDescription: String { "\(behaviour)" }
  }

  static let everyFault: [Fault] = [
    Fault(behaviour: .answer(500), status: 500, reasons: ["webhook.refused"]),
    Fault(behaviour: .answer(410), status: 410, reasons: ["webhook.refused"]),
    Fault(behaviour: .say(""), status: nil, reasons: ["webhook.timeout"]),
    Fault(behaviour: .say("HTTP/1.1 200"), status: nil, reasons: ["webhook.timeout"]),
    Fault(behaviour: .trickle("HTTP/1.1 100 Continue\r\n\r\n"), status: nil, reasons: ["webhook.timeout"]),
    Fault(behaviour: .close, status: nil, reasons: ["webhook.closed"]),
    Fault(behaviour: .say("SSH-2.0-OpenSSH\r\n"), status: nil, reasons: ["webhook.not-http", "webhook.timeout"]),
  ]

  @Test(
    "Receivers that refuse, hang, close or talk nonsense are left in time and named", .timeLimit(.minutes(2)),
    arguments: everyFault)
  func faults(fault: Fault) async throws {
    try await WebhookReceiver.run({ _, _ in fault.behaviour }) { receiver in
      let answer = await sender(timeout: 2).send(try event(), to: target(receiver.url))
      #expect(!answer.isTaken && answer.status == fault.status)
      #expect(fault.reasons.contains { answer.reason?.hasPrefix($0 + ":") == true }, "\(answer.reason ?? "none")")
      #expect(answer.isFinal == (fault.status == 410))
    }
  }

  @Test("An answer without end costs a moment, and was still an answer", .timeLimit(.minutes(2)))
  func endlessAnswer() async throws {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    try await WebhookReceiver.run({ _, _ in .say(head + "1\r\na\r\n") }) { receiver in
      let answer = await sender().send(try event(), to: target(receiver.url))
      #expect(answer.isTaken)
    }
  }

  @Test("A redirection is not followed", arguments: [301, 302, 307, 308])
  func redirection(status: Int) async throws {
    try await WebhookReceiver.run { elsewhere in
      try await WebhookReceiver.run({ _, _ in .answer(status, headers: "Location: \(elsewhere.url)\r\n") }) {
        receiver in
        let answer = await sender().send(try event(), to: target(receiver.url))
        #expect(answer.status == status && !answer.isTaken)
        #expect(receiver.received.count == 1 && elsewhere.connections == 0)
      }
    }
  }

  @Test("Nobody listening is said so")
  func nobody() async throws {
    let answer = await sender().send(try event(), to: target("http://127.0.0.1:1/"))
    #expect(answer.reason?.hasPrefix("webhook.unreachable:") == true, "\(answer)")
  }

  @Test("The connection goes to the address that was looked up, whatever the name means to others")
  func pinned() async throws {
    try await WebhookReceiver.run { receiver in
      let sender = sender { host in host == "hooks.example" ? [[127, 0, 0, 1]] : [] }
      let answer = await sender.send(try event(), to: target("http://hooks.example:\(receiver.port)/a"))
      #expect(answer.isTaken, "\(answer)")
      #expect(receiver.received.first?.headers["host"] == "hooks.example:\(receiver.port)")
    }
  }

  @Test("Each try takes the next of several addresses")
  func severalAddresses() async throws {
    try await WebhookReceiver.run { receiver in
      // Nobody is at the second loopback address.
      let sender = sender { _ in [[127, 0, 0, 2], [127, 0, 0, 1]] }
      let url = "http://hooks.example:\(receiver.port)/"
      let answers = [
        await sender.send(try event(attempts: 0), to: target(url)),
        await sender.send(try event(attempts: 1), to: target(url)),
      ]
      #expect(answers.map(\.isTaken) == [false, true])
    }
  }

  @Test(
    "Nothing on loopback or private addresses is ever connected to, however it is written",
    arguments: [
      "127.0.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
      "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost",
      "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "198.18.0.1", "224.0.0.1",
      "255.255.255.255", "192.0.2.1", "mixed.example", "rebound.example",
    ])
  func privateAddresses(host: String) async throws {
    try await WebhookReceiver.run { receiver in
      let answers = Mutex(0)
      // Names as an attacker's name server gives them; numbers as the system reads them.
      let lookup: AddressResolver.Lookup = { name in
        switch name {
        case "localhost": [[127, 0, 0, 1]]
        case "mixed.example": [[93, 184, 215, 14], [127, 0, 0, 1]]
        case "rebound.example":
          answers.withLock { count in
            count += 1
            return count == 1 ? [[93, 184, 215, 14]] : [[127, 0, 0, 1]]
          }
        default: SystemLookup.addresses(of: name)
        }
      }
      let sender = sender(timeout: 5, allowsPrivate: false, lookup: lookup)
      if host == "rebound.example" { _ = lookup(host) }  // what was asked when the webhook was made
      let answer = await sender.send(try event(), to: target("https://\(host):\(receiver.port)/"))
      #expect(answer.status == nil && answer.reason?.hasPrefix("webhook.private:") == true, "\(answer)")
      #expect(receiver.connections == 0)
    }
  }

  @Test("A name server that does not answer is left in time")
  func hangingLookup() async throws {
    let nameServer = SilentNameServer()
    defer { nameServer.release() }
    let sender = sender(timeout: 0.3) { _ in nameServer.answer([127, 0, 0, 1]) }
    let answer = await sender.send(try event(), to: target("http://slow.example/"))
    // Had it been waited for, the address it came up with in the end would have been the reason.
    #expect(answer.reason?.hasPrefix("webhook.unresolved:") == true)
  }
}
