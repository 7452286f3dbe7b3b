import Foundation
import Synchronization
import Testing

@testable import SignalingServer

@Suite struct ModeratorTests {
  private func question(
    _ text: String, room: String? = "r", user: String? = "u", kind: ModerationQuestion.Kind = .text
  ) -> ModerationQuestion {
    ModerationQuestion(roomId: room, userId: user, name: "Ann", kind: kind, text: text)
  }

  private func moderator(
    _ mode: ModerationSettings.FailureMode = .allow, timeout: Double = 5, limits: ModerationLimits = .init(),
    metrics: ServerMetrics = .init(), ask: @escaping Moderator.Ask
  ) -> Moderator {
    let settings = ModerationSettings(url: "http://unused/", timeout: timeout, onFailure: mode)
    return Moderator(settings, limits: limits, metrics: metrics, ask: ask)
  }

  private func answer(_ action: ModerationAnswer.Action, _ text: String? = nil, _ reason: String? = nil)
    -> ModerationAnswer
  {
    ModerationAnswer(action: action, text: text, reason: reason)
  }

  @Test("Without a moderation every text passes, and nobody is asked")
  func none() async throws {
    let moderator = Moderator(nil, limits: .init(), metrics: .init()) { _ in throw APIError.internalFault }
    #expect(try await moderator.review(question("hello")) == "hello")
  }

  @Test("Texts are allowed, replaced or refused as the moderation says")
  func verdicts() async throws {
    let metrics = ServerMetrics()
    let moderator = moderator(metrics: metrics) { question in
      switch question.text {
      case "bad": answer(.refuse, nil, "Be kind.")
      case "rude": answer(.replace, "****")
      default: answer(.allow, "ignored")
      }
    }
    #expect(try await moderator.review(question("fine")) == "fine")
    #expect(try await moderator.review(question("rude")) == "****")
    let chat = await #expect(throws: APIError.self) { try await moderator.review(question("bad")) }
    #expect(chat?.code == "chat.refused" && chat?.reason == "Be kind.")
    let title = await #expect(throws: APIError.self) { try await moderator.review(question("bad", kind: .title)) }
    #expect(title?.code == "text.refused")
    #expect(metrics.read().moderation == ["allow": 1, "replace": 1, "refuse": 2])
  }

  @Test("What the moderation says to the author is one line of at most 100 characters, or nothing")
  func reasons() async throws {
    let long = String(repeating: "x", count: 99) + " y"
    let pile = "e" + String(repeating: "\u{301}", count: 3000)
    let cases: [(said: String, shown: String?)] = [
      (" Be\u{202E} kind.\n", "Be kind."), (long, String(repeating: "x", count: 99)), ("\u{200E} \n", nil), (pile, nil),
    ]
    for (said, shown) in cases {
      let moderator = moderator(.allow) { _ in answer(.refuse, nil, said) }
      let refusal = await #expect(throws: APIError.self) { try await moderator.review(question("bad")) }
      #expect(refusal?.reason == shown && refusal?.message == APIError.chatRefused.message)
    }
  }

  @Test(
    "A moderation that fails, is late or answers nonsense decides nothing", .timeLimit(.minutes(2)),
    arguments: ["fail", "late", "blank"])
  func failures(how: String) async throws {
    let ask: Moderator.Ask = { _ in
      if how == "blank" { return ModerationAnswer(action: .replace, text: nil, reason: nil) }
      if how == "late" { try await Task.sleep(for: .seconds(600)) }
      throw APIError.internalFault
    }
    let allowing = moderator(.allow, timeout: 0.1, ask: ask)
    #expect(try await allowing.review(question("hello")) == "hello")
    let refusing = moderator(.refuse, timeout: 0.1, ask: ask)
    await #expect(throws: APIError.moderationUnavailable) { try await refusing.review(question("hello")) }
  }

  @Test("A room that fills its places takes nothing from another one, and nobody queues")
  func concurrency() async throws {
    var limits = ModerationLimits()
    (limits.concurrency, limits.perRoom) = (6, 4)
    let metrics = ServerMetrics()
    let (waiting, arrived) = AsyncStream<Void>.makeStream()
    let (gate, open) = AsyncStream<Void>.makeStream()
    let moderator = moderator(.refuse, timeout: 30, limits: limits, metrics: metrics) { question in
      if question.text == "slow" {
        arrived.yield()
        for await _ in gate {}
      }
      return answer(.allow)
    }
    let slow = (0..<4).map { number in
      Task { try await moderator.review(question("slow", room: "loud", user: "u\(number)")) }
    }
    var iterator = waiting.makeAsyncIterator()
    for _ in 0..<4 { await iterator.next() }
    let busy = await Task { try await moderator.review(question("quick", room: "loud")) }.result
    let other = try await moderator.review(question("quick", room: "other"))
    open.finish()
    for task in slow { _ = try await task.value }
    let free = try await moderator.review(question("quick", room: "loud"))
    #expect(throws: APIError.moderationBusy) { try busy.get() }
    #expect(other == "quick" && free == "quick")
    #expect(metrics.read().moderation == ["allow": 6, "busy": 1])
  }

  @Test("What comes while another text of the same user is looked at never passes, wherever it is for")
  func busy() async throws {
    let (waiting, arrived) = AsyncStream<Void>.makeStream()
    let (gate, open) = AsyncStream<Void>.makeStream()
    let moderator = moderator(.allow, timeout: 30) { question in
      if question.text == "slow" {
        arrived.yield()
        for await _ in gate {}
      }
      return answer(.allow)
    }
    let slow = Task { try await moderator.review(question("slow")) }
    var iterator = waiting.makeAsyncIterator()
    await iterator.next()
    for room in ["r", "other", nil] {
      await #expect(throws: APIError.moderationBusy) { try await moderator.review(question("quick", room: room)) }
    }
    let other = try await moderator.review(question("quick", user: "v"))
    open.finish()
    _ = try await slow.value
    let free = try await moderator.review(question("quick"))
    #expect(other == "quick" && free == "quick")
  }

  @Test("The lines of notices and announcements are shown to it and stay, those of other texts do not")
  func lines() async throws {
    let moderator = moderator(.refuse) { _ in answer(.allow) }
    for (kind, clean) in [(ModerationQuestion.Kind.notice, "a\nb"), (.announcement, "a\nb"), (.text, "a b")] {
      let question = ModerationQuestion(roomId: "r", userId: "u", name: "Ann", kind: kind, text: " a\r\nb\n")
      #expect(try await moderator.review(question) == clean)
    }
  }

  @Test("Newcomers of one address share its places and leave those of others alone")
  func newcomers() {
    var limits = ModerationLimits()
    limits.perRoom = 2
    let gate = ModerationGate(limits)
    let (here, there) = (ModerationGate.Asker(group: "192.0.2.1"), ModerationGate.Asker(group: "192.0.2.2"))
    let entered = [here, here, here, there].map { gate.enter($0) }
    #expect(entered == [true, true, false, true])
    gate.leave(here)
    #expect(gate.enter(here))
  }

  @Test("The question goes over HTTP, signed, and wrong answers count as none")
  func overHTTP() async throws {
    let replies = [
      #"{"action":"replace","text":"hi","extra":1}"#, #"{"action":"refuse","reason":"no"}"#, #"{"action":"ban"}"#, "no",
      "\"" + String(repeating: "x", count: 20_000) + "\"",
    ]
    try await WebhookReceiver.run({ number, _ in number < 5 ? .answer(200, body: replies[number]) : .answer(500) }) {
      receiver in
      let settings = ModerationSettings(url: receiver.url, secret: "s", timeout: 5, onFailure: .refuse)
      let moderator = Moderator(settings, limits: .init(), metrics: .init())
      #expect(try await moderator.review(question("hello")) == "hi")
      var codes: [String] = []
      for _ in 0..<5 {
        do throws(APIError) { _ = try await moderator.review(question("hello")) } catch { codes.append(error.code) }
      }
      #expect(codes == ["chat.refused"] + Array(repeating: "moderation.unavailable", count: 4))
      let got = try #require(receiver.received.first)
      #expect(
        got.object as? [String: String] == [
          "roomId": "r", "userId": "u", "name": "Ann", "kind": "text", "text": "hello",
        ])
      let timestamp = try #require(got.headers["mixd-timestamp"].flatMap { Int64($0) })
      #expect(
        got.headers["mixd-signature"] == WebhookSignature(secret: "s").header(timestamp: timestamp, body: got.body))
    }
  }
}
