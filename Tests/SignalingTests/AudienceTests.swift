import Signaling
import Testing

@Suite struct AudienceTests {
  @Test("Viewers are counted once per person, without the stage, and told at most once a second")
  func viewers() throws {
    var room = try Cast.liveRoom()
    room.joinAudience("host", at: .zero)
    room.joinAudience("bob", at: .zero)
    room.joinAudience("bob", at: .zero)
    room.joinAudience("eve", at: .seconds(0.5))
    #expect(room.viewers == 2)
    #expect(room.advance(to: .seconds(0.9)).isEmpty)
    #expect(room.advance(to: .seconds(1)) == [.tell(.everyone, .viewerCount(2))])
    room.leaveAudience("bob", at: .seconds(2))
    #expect(room.viewers == 2)
    room.leaveAudience("bob", at: .seconds(2))
    room.leaveAudience("nobody", at: .seconds(2))
    #expect(room.advance(to: .seconds(3)) == [.tell(.everyone, .viewerCount(1))])
  }

  @Test("Chat carries the server's idea of who speaks, and has limits")
  func chat() throws {
    var room = Cast.room()
    let events = try room.chat(id: "m", text: "  你好 ", by: Cast.host, at: .zero).events
    guard case .chat(let message)? = events.first else { throw SignalingError.chatEmpty }
    #expect(message.text == "你好" && message.role == .host && message.user == Cast.host)
    #expect(throws: SignalingError.chatEmpty) { try room.chat(id: "m", text: "\u{200E} ", by: Cast.bob, at: .zero) }
    #expect(throws: SignalingError.chatTooLong) {
      try room.chat(id: "m", text: String(repeating: "x", count: 161), by: Cast.bob, at: .zero)
    }
    for _ in 0..<3 { _ = try room.chat(id: "m", text: "x", by: Cast.bob, at: .seconds(10)) }
    #expect(throws: SignalingError.chatTooOften) { try room.chat(id: "m", text: "x", by: Cast.bob, at: .seconds(10)) }
    #expect(throws: Never.self) { try room.chat(id: "m", text: "x", by: Cast.bob, at: .seconds(11.1)) }
  }

  @Test("Forty messages a second and not more, whoever sends them")
  func roomLimit() throws {
    var room = Cast.room()
    var refused = 0
    for user in 0..<60 {
      do {
        _ = try room.chat(id: "m", text: "x", by: Person(id: "\(user)", name: "n"), at: .zero)
      } catch SignalingError.chatTooOften {
        refused += 1
      }
    }
    #expect(refused == 20)
    #expect(room.chatHistory.count == 40)
  }

  @Test(
    "Names lose what hides or reorders text",
    arguments: [
      ("\u{202E}evil", "evil"), ("a\u{0}b\nc", "abc"), (" Ann ", "Ann"), ("👨\u{200D}👩", "👨\u{200D}👩"), ("é", "é"),
    ])
  func names(raw: String, clean: String) throws {
    #expect(try DisplayText.name(raw) == clean)
  }

  @Test("Names have 1 to 32 characters", arguments: ["", "  ", "\u{200D}", String(repeating: "x", count: 33)])
  func badNames(raw: String) {
    #expect(throws: SignalingError.nameInvalid) { try DisplayText.name(raw) }
  }

  @Test("One character of a thousand marks is not a name")
  func zalgo() {
    #expect(throws: SignalingError.nameInvalid) {
      try DisplayText.name("x" + String(repeating: "\u{0301}", count: 500))
    }
    #expect(throws: Never.self) { try DisplayText.name(String(repeating: "安", count: 32)) }
  }

  @Test("Every refusal has its own code and a sentence")
  func codes() {
    let codes = SignalingError.allCases.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(SignalingError.allCases.allSatisfy { $0.message.hasSuffix(".") })
  }
}
