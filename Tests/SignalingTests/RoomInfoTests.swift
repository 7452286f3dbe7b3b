import Signaling
import Testing

@Suite struct RoomInfoTests {
  @Test("Everything a room says about itself can be changed at once, cleaned of what nobody sees")
  func update() throws {
    var room = Cast.room()
    var change = RoomChange()
    (change.title, change.layout, change.cover) = ("  New ", "grid", "https://example.org/a.jpg?x=1")
    (change.notice, change.category, change.tags) = (" 今晚\u{202E} ", "Music", ["live", " piano ", "live"])
    #expect(try room.update(change, by: Cast.host, at: .zero).starts(with: [.persist, .tell(.everyone, .roomUpdated)]))
    #expect(room.title == "New" && room.layout == "grid" && room.info.notice == "今晚")
    #expect(room.info.tags == ["live", "piano"] && room.info.cover == "https://example.org/a.jpg?x=1")
    #expect(try room.update(change, by: Cast.host, at: .zero).isEmpty)
  }

  @Test(
    "A cover is an https URL that can stand in a page, or nothing",
    arguments: [
      "http://example.org/a.jpg", "https://", "https://a@example.org/", "https://example.org/\"onload=x",
      "javascript:1",
      "https://example.org/ä.jpg", "https://example.org/" + String(repeating: "x", count: 500), "https:///a.jpg",
    ])
  func covers(url: String) throws {
    var room = Cast.room()
    var change = RoomChange()
    change.cover = url
    #expect(throws: SignalingError.coverInvalid) { try room.update(change, by: Cast.host, at: .zero) }
    change.cover = ""
    #expect(try room.update(change, by: Cast.host, at: .zero).isEmpty)
  }

  @Test("Texts have limits, and a change with one bad field changes nothing")
  func limits() throws {
    let long = String(repeating: "长", count: 301)
    let cases: [(SignalingError, (inout RoomChange) -> Void)] = [
      (.titleInvalid, { $0.title = " \n " }), (.noticeInvalid, { $0.notice = long }),
      (.categoryInvalid, { $0.category = String(long.prefix(21)) }),
      (.tagsInvalid, { $0.tags = ["1", "2", "3", "4", "5", "6"] }), (.tagsInvalid, { $0.tags = [" "] }),
      (.tagsInvalid, { $0.tags = [String(long.prefix(17))] }), (.stageInvalid, { $0.settings.stage = 1 }),
      (.stageInvalid, { $0.settings.stage = 17 }), (.requestTimeoutInvalid, { $0.settings.requestTimeout = 9 }),
      (.requestTimeoutInvalid, { $0.settings.requestTimeout = 61 }), (.slowModeInvalid, { $0.settings.slowMode = 121 }),
      (.slowModeInvalid, { $0.settings.slowMode = -1 }), (.wordFilterInvalid, { $0.settings.wordFilter = [""] }),
      (.wordFilterInvalid, { $0.settings.wordFilter = Array(repeating: "x", count: 201) }),
    ]
    for (error, spoil) in cases {
      var room = Cast.room()
      let before = room
      var change = RoomChange()
      (change.title, change.notice, change.settings.muteAll) = ("Good", "Good", true)
      spoil(&change)
      #expect(throws: error) { try room.update(change, by: Cast.host, at: .zero) }
      #expect(room == before)
    }
  }

  @Test("A new room is refused what a change of it would be, the words that its own filter catches too")
  func making() throws {
    var wanted = RoomChange()
    (wanted.title, wanted.notice, wanted.settings.wordFilter) = (" Show ", "Hi", ["spam"])
    let made = try RoomMemory(making: wanted, layout: "grid")
    #expect(made.info.title == "Show" && made.info.layout == "grid" && made.settings.wordFilter == ["spam"])
    for spoil: (inout RoomChange) -> Void in [
      { $0.title = "More SPAM" }, { $0.notice = "ｓpam" }, { $0.category = "spam" }, { $0.tags = ["fine", "spam"] },
    ] {
      var spoilt = wanted
      spoil(&spoilt)
      #expect(throws: SignalingError.chatFiltered) { try RoomMemory(making: spoilt, layout: "grid") }
    }
    wanted.settings.stage = 1
    #expect(throws: SignalingError.stageInvalid) { try RoomMemory(making: wanted, layout: "grid") }
  }

  @Test("Admins and operators change what belongs to moderation, and nothing else", arguments: [Cast.eve, Cast.boss])
  func moderation(actor: Person) throws {
    var room = Cast.room()
    _ = try room.setAdmin(Cast.eve, true, by: Cast.host, at: .zero)
    var change = RoomChange()
    (change.notice, change.settings.slowMode, change.settings.muteAll) = ("Be kind", 10, true)
    change.settings.wordFilter = ["spam"]
    #expect(throws: SignalingError.forbidden) { try room.update(change, by: Cast.bob, at: .zero) }
    #expect(try room.update(change, by: actor, at: .zero).contains(.persist))
    #expect(room.settings.slowMode == 10 && room.settings.muteAll && room.settings.wordFilter == ["spam"])
    for spoil: (inout RoomChange) -> Void in [
      { $0.title = "x" }, { $0.layout = "grid" }, { $0.cover = "" }, { $0.category = "x" }, { $0.tags = [] },
      { $0.settings.stage = 4 }, { $0.settings.requestTimeout = 20 }, { $0.settings.applications = .closed },
    ] {
      var wanted = RoomChange()
      spoil(&wanted)
      #expect(throws: SignalingError.forbidden) { try room.update(wanted, by: actor, at: .zero) }
    }
  }
}
