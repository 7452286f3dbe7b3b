import Foundation
import MediaControl
import Signaling
import Testing

@testable import SignalingServer

@Suite struct LinkRouteTests {
  /// A live room with its host, and ways to its links.
  struct Side: Sendable {
    let host: Client
    let room: String
    var base: String { "/api/v1/rooms/\(room)/links" }

    func ask(_ other: Side, _ more: String = "") async throws -> Answer {
      try await host.post(base, #"{"roomId":"\#(other.room)"\#(more)}"#)
    }

    func act(_ id: String, _ what: String, _ body: String? = nil) async throws -> Answer {
      try await host.post("\(base)/\(id)/\(what)", body)
    }

    /// The active link as everybody sees it.
    func shown() async throws -> [String: Any]? {
      try await host.get("/api/v1/rooms/\(room)").json["link"] as? [String: Any]
    }
  }

  static func side(_ server: TestServer) async throws -> Side {
    let (host, room) = try await server.liveRoom()
    return Side(host: host, room: room)
  }

  static func linked(_ server: TestServer, _ more: String = "") async throws -> (a: Side, b: Side, id: String) {
    let (a, b) = (try await side(server), try await side(server))
    let asked = try await a.ask(b, more)
    let id = try asked.string("id")
    #expect((try asked.json["battleDuration"] != nil) == more.contains("battle"))
    let accepted = try await b.act(id, "accept")
    #expect(try accepted.string("state") == "active" && accepted.json["battleDuration"] == nil)
    return (a, b, id)
  }

  /// The rooms of the last command of that name.
  private func rooms(_ media: RecordingMedia, of name: String) -> [String]? {
    guard let command = media.commands.last(where: { $0.name == name }) else { return nil }
    switch command {
    case .linkRooms(let rooms, _): return rooms.map(\.room.rawValue)
    case .unlinkRooms(let rooms): return rooms.map(\.rawValue)
    default: return nil
    }
  }

  @Test("Ask, accept, be linked in the worker, and end: both rooms name the link and then none")
  func wholeWay() async throws {
    try await withServer { server in
      let (a, b) = (try await Self.side(server), try await Self.side(server))
      let asked = try await a.ask(b)
      #expect(asked.status == 201)
      let id = try asked.string("id")
      #expect(try asked.string("state") == "pending")
      #expect(try asked.list("rooms").map { $0["joined"] as? Bool } == [true, false])
      #expect(try await b.host.get(b.base).list("links").first?["id"] as? String == id)
      #expect(try await a.shown() == nil)
      #expect(server.media.commands.allSatisfy { $0.name != "linkRooms" })
      #expect(try await b.act(id, "accept").string("state") == "active")
      #expect(rooms(server.media, of: "linkRooms") == [a.room, b.room])
      for side in [a, b] { #expect(try await side.shown()?["id"] as? String == id) }
      #expect(try await b.host.send("DELETE", "\(b.base)/\(id)").status == 204)
      #expect(Set(rooms(server.media, of: "unlinkRooms") ?? []) == [a.room, b.room])
      for side in [a, b] { #expect(try await side.shown() == nil) }
      #expect(try await a.act(id, "accept").code == "link.closed")
    }
  }

  @Test("Who asks too often is told how long to wait, for a link and for a battle")
  func pauses() async throws {
    try await withServer(configure: {
      $0.limits.link.requestPause = 10
      $0.limits.link.refusalPauses = [40]
    }) { server in
      let (a, b, id) = try await Self.linked(server)
      #expect(try await a.act(id, "battle", #"{"duration":60}"#).status == 200)
      #expect(try await a.host.send("DELETE", "\(a.base)/\(id)/battle").status == 200)
      let battle = try await a.act(id, "battle", #"{"duration":60}"#)
      #expect(battle.status == 429 && battle.code == "link.too-often")
      #expect((1...10).contains(battle.headers["retry-after"].flatMap { Int($0) } ?? 0))
      #expect(try await a.host.send("DELETE", "\(a.base)/\(id)").status == 204)
      let asked = try await b.ask(a).string("id")
      #expect(try await a.act(asked, "reject").status == 200)
      let refused = try await b.ask(a)
      #expect(refused.status == 429 && refused.code == "link.too-often")
      #expect((30...40).contains(refused.headers["retry-after"].flatMap { Int($0) } ?? 0))
    }
  }

  @Test("Reject with a reason, cancel, time out: each side hears how it ended")
  func refusals() async throws {
    try await withServer(configure: { config in
      config.limits.link.requestPause = 0
      config.limits.link.refusalPauses = []
      config.limits.link.requestTimeout = 3
    }) { server in
      let (a, b) = (try await Self.side(server), try await Self.side(server))
      try await a.host.events(a.room) { socket in
        let first = try await a.ask(b).string("id")
        #expect(try await b.act(first, "reject", #"{"reason":"later"}"#).string("state") == "rejected")
        var update = try await socket.next("link.updated")
        #expect((update["link"] as? [String: Any])?["state"] as? String == "pending")
        update = try await socket.next("link.updated")
        #expect((update["answer"] as? [String: Any])?["reason"] as? String == "later")
      }
      try await b.host.events(b.room) { socket in
        let second = try await a.ask(b).string("id")
        let requested = try await socket.next("link.requested")
        #expect(requested["expiresIn"] as? Double == 3)
        #expect(try await a.act(second, "cancel").string("state") == "cancelled")
        #expect((try await socket.next("link.updated")["link"] as? [String: Any])?["state"] as? String == "cancelled")
        _ = try await a.ask(b)
        let expired = try await socket.next("link.updated")["link"] as? [String: Any]
        #expect(expired?["state"] as? String == "expired")
      }
      #expect(try await a.host.get(a.base).list("links").isEmpty)
    }
  }

  @Test("While linked nobody comes on stage, and a stage with co-hosts cannot be linked")
  func exclusion() async throws {
    try await withServer { server in
      let (a, b, id) = try await Self.linked(server)
      let bob = try await server.user("Bob")
      let application = try await bob.post("/api/v1/rooms/\(a.room)/applications", #"{"media":"video"}"#)
      #expect(application.code == "application.during-link")
      #expect(try await b.host.send("DELETE", "\(b.base)/\(id)").status == 204)
      let c = try await Self.side(server)
      _ = try await server.cohost("Co", c.room, host: c.host)
      #expect(try await a.ask(c).code == "link.stage-occupied")
      #expect(try await c.ask(a).code == "link.stage-occupied")
    }
  }

  @Test("Who got a co-host while his request was pending cannot be linked, and his stage stays open")
  func stageMeanwhile() async throws {
    try await withServer { server in
      let (a, b) = (try await Self.side(server), try await Self.side(server))
      let id = try await a.ask(b).string("id")
      _ = try await server.cohost("Co", a.room, host: a.host)
      #expect(try await b.act(id, "accept").code == "link.stage-occupied")
      let eve = try await server.user("Eve")
      for side in [a, b] {
        let path = "/api/v1/rooms/\(side.room)/applications"
        #expect(try await eve.post(path, #"{"media":"video"}"#).status == 201)
      }
    }
  }

  @Test("Linked hosts receive each other on stage, nobody else does, and not before or after")
  func stage() async throws {
    try await withServer { server in
      let (a, b) = (try await Self.side(server), try await Self.side(server))
      #expect(try await a.host.whep(a.room, stage: b.host.id).code == "participant.unknown")
      let id = try await a.ask(b).string("id")
      #expect(try await b.act(id, "accept").status == 200)
      let received = try await a.host.whep(a.room, stage: b.host.id)
      #expect(received.status == 201, "\(received.body)")
      let bob = try await server.user("Bob")
      #expect(try await bob.whep(a.room, stage: b.host.id).code == "auth.forbidden")
      #expect(try await a.host.send("DELETE", "\(a.base)/\(id)").status == 204)
      #expect(try await a.host.whep(a.room, stage: b.host.id).code == "participant.unknown")
    }
  }

  @Test("A battle begins with the link, counts for both, and everybody hears its result")
  func battle() async throws {
    try await withServer { server in
      let (a, b, id) = try await Self.linked(server, #","battle":{"duration":30}"#)
      let bob = try await server.user("Bob")
      try await bob.events(b.room) { socket in
        let snapshot = try await socket.next("snapshot")
        let battle = (snapshot["link"] as? [String: Any])?["battle"] as? [String: Any]
        #expect(battle?["state"] as? String == "running" && battle?["winner"] is NSNull)
        #expect(try await a.host.send("DELETE", "\(a.base)/\(id)/battle").status == 200)
        let over = try await socket.next("battle.over")
        let result = (over["link"] as? [String: Any])?["battle"] as? [String: Any]
        #expect(result?["winner"] as? String == b.room)
      }
      #expect(try await a.act(id, "battle", #"{"duration":10}"#).code == "link.battle-duration")
      #expect(try await a.act(id, "battle", #"{"duration":60}"#).status == 200)
      #expect(try await b.act(id, "battle", #"{"duration":60}"#).code == "link.battle-proposed")
      #expect(try await b.act(id, "battle/accept").status == 200)
      #expect(try await b.act(id, "battle", #"{"duration":60}"#).code == "link.battle-running")
    }
  }

  @Test("A battle inside a link is asked for, and runs only when the other host has agreed")
  func consent() async throws {
    try await withServer(configure: { $0.limits.link.requestPause = 0 }) { server in
      let (a, b, id) = try await Self.linked(server)
      try await b.host.events(b.room) { socket in
        let asked = try await a.act(id, "battle", #"{"duration":60}"#)
        let wish = try #require(try asked.json["battleRequest"] as? [String: Any])
        #expect(wish["roomId"] as? String == a.room && wish["waitingFor"] as? [String] == [b.room])
        #expect(try asked.json["battle"] is NSNull)
        #expect(try await socket.next("battle.requested")["expiresIn"] as? Double == 10)
        #expect(try await a.act(id, "battle/accept").code == "link.battle-not-proposed")
        #expect(try await b.act(id, "battle/reject", #"{"reason":"Tired"}"#).status == 200)
        let no = try await socket.next("battle.answered")["answer"] as? [String: Any]
        #expect(no?["state"] as? String == "rejected" && no?["reason"] as? String == "Tired")
        #expect(try await b.act(id, "battle", #"{"duration":60}"#).status == 200)
        let begun = try await a.act(id, "battle/accept")
        #expect((try begun.json["battle"] as? [String: Any])?["state"] as? String == "running")
        let yes = try await socket.next("battle.answered")["answer"] as? [String: Any]
        #expect(yes?["state"] as? String == "accepted" && yes?["roomId"] as? String == a.room)
        let all = try await socket.next("link.updated")["link"] as? [String: Any]
        #expect((all?["battle"] as? [String: Any])?["duration"] as? Double == 60)
      }
    }
  }

  @Test("Likes and gifts of either audience count for its room")
  func scores() async throws {
    try await withServer { server in
      let (a, b, _) = try await Self.linked(server, #","battle":{"duration":30}"#)
      let bob = try await server.user("Bob")
      #expect(try await bob.post("/api/v1/rooms/\(a.room)/likes", #"{"count":3}"#).status == 202)
      let gifts = try await bob.get("/api/v1/gifts").list("gifts")
      let gift = try #require(gifts.first { $0["price"] as? Int == 0 }?["id"] as? String)
      #expect(try await bob.post("/api/v1/rooms/\(b.room)/gifts", #"{"giftId":"\#(gift)","count":2}"#).status == 201)
      try await eventually {
        let scores = (try await a.shown()?["battle"] as? [String: Any])?["scores"] as? [String: Int]
        return scores == [a.room: 3, b.room: 20]
      }
    }
  }

  @Test("A third room joins and leaves; the two others stay linked")
  func three() async throws {
    try await withServer(configure: { $0.limits.link.requestPause = 0 }) { server in
      let (a, b, id) = try await Self.linked(server)
      let c = try await Self.side(server)
      #expect(try await a.act(id, "invite", #"{"roomId":"\#(c.room)"}"#).status == 200)
      #expect(try await c.act(id, "accept").status == 200)
      #expect(rooms(server.media, of: "linkRooms") == [a.room, b.room, c.room])
      #expect(try await b.host.send("DELETE", "\(b.base)/\(id)").status == 204)
      #expect(rooms(server.media, of: "linkRooms") == [a.room, c.room])
      #expect(rooms(server.media, of: "unlinkRooms") == [b.room])
      #expect(try await b.shown() == nil)
      #expect((try await c.shown()?["rooms"] as? [Any])?.count == 2)
    }
  }

  @Test("A room that ends, and a host who stays away, end the link for the other room")
  func losses() async throws {
    try await withServer(configure: { $0.limits.link.hostAbsence = 0.3 }) { server in
      let (a, b, _) = try await Self.linked(server)
      #expect(try await a.host.send("DELETE", "/api/v1/rooms/\(a.room)").status == 204)
      try await eventually { try await b.shown() == nil }
      #expect(Set(rooms(server.media, of: "unlinkRooms") ?? []) == [a.room, b.room])
      let (c, d, _) = try await Self.linked(server)
      let session = server.media.commands.compactMap { command -> SessionID? in
        if case .openPublisher(let id, RoomID(rawValue: c.room), _, _, _) = command { id } else { nil }
      }
      server.media.emit(.sessionState(try #require(session.last), RoomID(rawValue: c.room), .disconnected))
      try await eventually { try await d.shown() == nil }
    }
  }

  @Test("A worker that lost both rooms links them again when they are made anew")
  func workerRestart() async throws {
    try await withServer { server in
      let (a, b, _) = try await Self.linked(server)
      let before = server.media.commands.count { $0.name == "linkRooms" }
      server.media.forgetRooms()
      for side in [a, b] {
        _ = try await side.host.send("PUT", "/api/v1/rooms/\(side.room)/scene", #"{"layout":"grid"}"#)
      }
      try await eventually { server.media.commands.count { $0.name == "linkRooms" } > before }
      #expect(rooms(server.media, of: "linkRooms") == [a.room, b.room])
    }
  }

  @Test("Only hosts of the rooms concerned see and change a link")
  func strangers() async throws {
    try await withServer { server in
      let (a, _, id) = try await Self.linked(server)
      let (bob, c) = (try await server.user("Bob"), try await Self.side(server))
      #expect(try await bob.get(a.base).code == "auth.forbidden")
      #expect(try await bob.post(a.base, #"{"roomId":"\#(c.room)"}"#).code == "auth.forbidden")
      #expect(try await c.host.send("DELETE", "\(a.base)/\(id)").code == "auth.forbidden")
      #expect(try await c.host.send("DELETE", "\(c.base)/\(id)").code == "link.unknown")
      #expect(try await server.anonymous.get(a.base).status == 401)
      #expect(try await c.host.post(c.base, #"{"roomId":"r_none"}"#).code == "room.unknown")
      #expect(try await c.ask(a).code == "link.busy")
      #expect(try await c.ask(c).code == "link.self")
    }
  }

  @Test("A host who may not enter a room may not ask it for a link")
  func bannedHost() async throws {
    try await withServer(configure: { $0.limits.link.requestPause = 0 }) { server in
      let (a, c, id) = try await Self.linked(server)
      let b = try await Self.side(server)
      #expect(try await b.host.send("PUT", "/api/v1/rooms/\(b.room)/bans/\(a.host.id)").status == 200)
      #expect(try await a.act(id, "invite", #"{"roomId":"\#(b.room)"}"#).code == "room.user-banned")
      #expect(try await c.act(id, "invite", #"{"roomId":"\#(b.room)"}"#).status == 200)
      #expect(try await b.act(id, "reject").status == 200)
      #expect(try await b.act(id, "accept").code == "link.closed")
      #expect(try await a.host.send("DELETE", "\(a.base)/\(id)").status == 204)
      let refused = try await a.ask(b)
      #expect(refused.status == 403 && refused.code == "room.user-banned")
    }
  }

  @Test("What the host gives his own room counts for nothing")
  func ownPoints() async throws {
    try await withServer { server in
      let (a, b, _) = try await Self.linked(server, #","battle":{"duration":30}"#)
      for room in [a.room, b.room] {
        #expect(try await a.host.post("/api/v1/rooms/\(room)/likes", #"{"count":3}"#).status == 202)
        let rose = #"{"giftId":"rose","count":1}"#
        #expect(try await a.host.post("/api/v1/rooms/\(room)/gifts", rose).status == 201)
      }
      try await eventually {
        let scores = (try await a.shown()?["battle"] as? [String: Any])?["scores"] as? [String: Int]
        return scores?[a.room] == 0 && (scores?[b.room] ?? 0) > 3
      }
    }
  }
}
