import Signaling
import Testing

@Suite struct RenamingTests {
  private static let rob = Person(id: "bob", name: "Rob")

  private func listeners(_ actions: [RoomAction]) -> [Audience] {
    actions.compactMap { if case .tell(let audience, .memberRenamed(Self.rob)) = $0 { audience } else { nil } }
  }

  @Test("Whoever is on stage or helps the host has his new name there at once, and everybody is told")
  func stage() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    let actions = room.rename(Self.rob, at: .seconds(1))
    #expect(actions.first == .persist && listeners(actions) == [.everyone])
    #expect(room.seat(of: "bob")?.user == Self.rob && room.admins == [Self.rob] && room.places[1].user == Self.rob)
    let seat = try #require(room.seat(of: "bob"))
    #expect(actions.events.contains(.participantUpdated(seat)))
    #expect(room.rename(Self.rob, at: .seconds(2)).isEmpty)
    let clock = WallClock(now: .seconds(3), milliseconds: 1_700_000_000_000)
    #expect(Room(id: "r", host: Cast.host, memory: room.memory(clock), clock).admins == [Self.rob])
  }

  @Test("Of an applicant, and of somebody muted or banned, only he himself and the helpers are told")
  func others() throws {
    let own = Audience.users(["host", "bob"])
    var room = try Cast.liveRoom()
    _ = try room.apply(id: "a", media: .video, by: Cast.bob, at: .zero)
    let moved = room.rename(Self.rob, at: .seconds(1))
    let request = try #require(room.request("a"))
    #expect(request.user == Self.rob && listeners(moved) == [own])
    #expect(moved.contains(.tell(own, .requestChanged(request))))
    var sanctioned = try Cast.liveRoom()
    _ = try sanctioned.setAdmin(Cast.bob, true, by: Cast.host, at: .zero)
    _ = try sanctioned.mute(Cast.zoe, SanctionTerms(), by: Cast.bob, at: .zero)
    _ = try sanctioned.setAdmin(Cast.bob, false, by: Cast.host, at: .zero)
    _ = try sanctioned.ban(Cast.bob, SanctionTerms(), by: Cast.host, at: .zero)
    #expect(listeners(sanctioned.rename(Self.rob, at: .seconds(1))) == [own])
    #expect(sanctioned.chat.banned(at: .seconds(1)).map(\.user) == [Self.rob])
    #expect(sanctioned.chat.muted(at: .seconds(1)).map(\.by) == [Self.rob])
  }

  @Test("What he has said a moment ago is told before his new name, so that pages know whose it is")
  func words() throws {
    var room = try Cast.liveRoom()
    try Cast.enter(Cast.bob, &room)
    _ = try room.say(id: "1", .text, "One", by: Cast.bob, at: .seconds(1))
    _ = try room.say(id: "2", .text, "Two", by: Cast.bob, at: .seconds(1))
    let events = room.rename(Self.rob, at: .seconds(1)).events
    let told = events.firstIndex { if case .chat(.messages) = $0 { true } else { false } }
    let renamed = events.firstIndex(of: .memberRenamed(Self.rob))
    #expect(try #require(told) < #require(renamed))
  }

  @Test("A viewer hears of his own name; a room that knows nothing of somebody says nothing of him")
  func strangers() throws {
    var room = try Cast.liveRoom()
    #expect(room.rename(Self.rob, at: .zero).isEmpty)
    room.joinAudience(Cast.bob, at: .zero)
    #expect(listeners(room.rename(Self.rob, at: .zero)) == [.users(["host", "bob"])])
    let news = room.advance(to: .zero).events
    #expect(news.contains(.chat(.audience(AudienceNews(entered: ["Rob"], enteredCount: 1, left: 0)))))
  }

  @Test("A host's new name is that of the room, and of its links")
  func host() throws {
    let anna = Person(id: "host", name: "Anna")
    var room = try Cast.liveRoom()
    let actions = room.rename(anna, at: .zero)
    #expect(room.host == anna && room.places[0].user == anna && room.participants.map(\.user) == [anna])
    #expect(actions.events.contains(.roomUpdated) && actions.contains(.persist))
    var book = try LinkCast.linked()
    let told = book.rename(Person(id: LinkCast.host("a").id, name: "Anna"))
    #expect(book.link(of: "b")?.members.map(\.room.host.name) == ["Anna", "Host b"])
    #expect(told.events(for: "b").count == 1 && told.events(for: "a").count == 1)
    #expect(book.rename(Person(id: "stranger", name: "X")).isEmpty)
  }
}
