import Signaling
import Testing

@Suite struct AudienceTests {
  @Test("Viewers are counted once per person, without the stage, and told at most once a second")
  func viewers() throws {
    var room = try Cast.liveRoom()
    room.joinAudience(Cast.host, at: .zero)
    room.joinAudience(Cast.bob, at: .zero)
    room.joinAudience(Cast.bob, at: .zero)
    room.joinAudience(Cast.eve, at: .seconds(0.5))
    #expect(room.viewers == 2)
    #expect(!room.advance(to: .seconds(0.9)).events.contains(.viewerCount(2)))
    #expect(room.advance(to: .seconds(1)).events.contains(.viewerCount(2)))
    room.leaveAudience("bob", at: .seconds(2))
    #expect(room.viewers == 2)
    room.leaveAudience("bob", at: .seconds(2))
    room.leaveAudience("nobody", at: .seconds(2))
    #expect(room.advance(to: .seconds(3)).events.contains(.viewerCount(1)))
  }

  @Test("Who only watches the programme is a viewer too, and who also has the page open is one, not two")
  func watchers() throws {
    var room = try Cast.liveRoom()
    room.startWatching("bob", at: .zero)
    room.startWatching("s-1", at: .zero)
    room.startWatching("host", at: .zero)
    #expect(room.viewers == 2)
    room.joinAudience(Cast.bob, at: .zero)
    room.startWatching("bob", at: .zero)
    #expect(room.viewers == 2 && room.advance(to: .seconds(1)).events.contains(.viewerCount(2)))
    room.leaveAudience("bob", at: .seconds(2))
    room.stopWatching("bob", at: .seconds(2))
    #expect(room.viewers == 2)
    for viewer in ["bob", "bob", "s-1", "nobody"] { room.stopWatching(viewer, at: .seconds(2)) }
    #expect(room.viewers == 0 && room.advance(to: .seconds(3)).events.contains(.viewerCount(0)))
  }

  @Test("The most viewers at once are remembered, over a restart and beyond the end, and every new peak is stored")
  func peak() throws {
    var room = try Cast.liveRoom()
    for person in [Cast.bob, Cast.eve] { room.joinAudience(person, at: .zero) }
    #expect(room.advance(to: .seconds(1)).contains(.persist) && room.peakViewers == 2)
    room.leaveAudience("bob", at: .seconds(2))
    #expect(!room.advance(to: .seconds(3)).contains(.persist) && room.peakViewers == 2)
    let clock = WallClock(now: .seconds(4), milliseconds: 1_700_000_000_000)
    var later = Room(id: "r", host: Cast.host, memory: room.memory(clock), clock)
    #expect(later.peakViewers == 2)
    for person in [Cast.bob, Cast.eve, Cast.zoe] { later.joinAudience(person, at: .seconds(5)) }
    _ = try later.end(by: Cast.host, at: .seconds(5))
    #expect(later.peakViewers == 3 && later.memory(clock).peakViewers == 3)
  }

  @Test("Who comes on stage is a viewer no longer, and one again when he leaves it; both are told")
  func stage() throws {
    var room = try Cast.liveRoom()
    room.joinAudience(Cast.bob, at: .zero)
    #expect(room.advance(to: .seconds(1)).events.contains(.viewerCount(1)))
    try Cast.enter(Cast.bob, &room, at: .seconds(2))
    #expect(room.advance(to: .seconds(3)).events.contains(.viewerCount(0)))
    _ = try room.remove("bob", by: Cast.bob, at: .seconds(4))
    #expect(room.advance(to: .seconds(5)).events.contains(.viewerCount(1)))
  }

  @Test("People are told who came and went, once per person and not for every connection, and of the host not at all")
  func passing() {
    var room = Cast.room()
    room.joinAudience(Cast.host, at: .zero)
    room.joinAudience(Cast.bob, at: .zero)
    room.joinAudience(Cast.bob, at: .zero)
    #expect(room.advance(to: .zero).events == [.chat(.audience(news(["Bob"], 1, 0)))])
    room.leaveAudience("bob", at: .seconds(1))
    #expect(!room.advance(to: .seconds(2)).events.contains(.chat(.audience(news([], 0, 1)))))
    room.leaveAudience("bob", at: .seconds(3))
    #expect(room.advance(to: .seconds(4)).events.contains(.chat(.audience(news([], 0, 1)))))
  }

  private func news(_ entered: [String], _ count: Int, _ left: Int) -> AudienceNews {
    AudienceNews(entered: entered, enteredCount: count, left: left)
  }

  @Test(
    "Names lose what hides or reorders text",
    arguments: [
      ("\u{202E}evil", "evil"), ("a\u{0}b\r\n\tc", "ab c"), (" Ann ", "Ann"), ("👨\u{200D}👩", "👨\u{200D}👩"), ("é", "é"),
    ])
  func names(raw: String, clean: String) throws {
    #expect(try DisplayText.name(raw) == clean)
  }

  @Test("Names have 1 to 32 characters", arguments: ["", "  ", "\u{200D}", String(repeating: "x", count: 33)])
  func badNames(raw: String) {
    #expect(throws: SignalingError.nameInvalid) { try DisplayText.name(raw) }
  }

  @Test(
    "Names show something",
    arguments: [
      "\u{3164}", "\u{2800}", "\u{115F}\u{1160}", "\u{E0041}", "\u{FE0F}", "\u{301}", "\u{903}",
      "\u{3164} \u{2800}\u{301}\u{200D}",
    ])
  func invisibleNames(raw: String) {
    #expect(throws: SignalingError.nameInvalid) { try DisplayText.name(raw) }
    #expect(throws: SignalingError.chatEmpty) { try DisplayText.chat(raw) }
  }

  @Test(
    "Names may be symbols of any kind",
    arguments: [
      "👍", "1️⃣", "❤️", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "🇨🇳", "क्ष", "กำ",
      ".",
    ])
  func symbolNames(raw: String) throws {
    #expect(try DisplayText.name(raw) == raw)
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
