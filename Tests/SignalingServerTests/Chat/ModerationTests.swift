import Foundation
import MediaControl
import Testing

@testable import SignalingServer

@Suite struct ModerationTests {
  @Test("A muted user is refused on every way, also on a new socket, until he is let again")
  func mute() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      try await bob.events(room) { socket in
        #expect(try await standing(socket)["muted"] as? Bool == false)
        let muted = try await host.send("PUT", "\(base(room))/mutes/\(bob.id)", #"{"seconds":600,"reason":"spam"}"#)
        #expect(try muted.json["seconds"] as? Int == 600)
        #expect(muted.status == 200)
        let told = try await socket.next("member.muted")
        #expect(told["userId"] as? String == bob.id && told["reason"] as? String == "spam")
        try await socket.send(#"{"type":"chat","text":"x"}"#)
        #expect(try await refusal(socket) == "chat.muted")
      }
      try await bob.events(room) { socket in
        let standing = try await standing(socket)
        #expect(standing["muted"] as? Bool == true && (590...600).contains(standing["mutedFor"] as? Int ?? 0))
        #expect(standing["mutedReason"] as? String == "spam")
        try await socket.send(#"{"type":"chat","text":"x","kind":"danmaku"}"#)
        #expect(try await refusal(socket) == "chat.muted")
      }
      let silent = try await bob.post("\(base(room))/messages", #"{"text":"x"}"#)
      #expect(silent.code == "chat.muted")
      #expect(try await host.get("\(base(room))/mutes").list("mutes").map { $0["userId"] as? String } == [bob.id])
      #expect(try await bob.get("\(base(room))/mutes").status == 403)
      #expect(try await bob.post("\(base(room))/gifts", #"{"giftId":"rose","count":1}"#).code == "chat.muted")
      #expect(try await host.send("DELETE", "\(base(room))/mutes/\(bob.id)").status == 204)
      #expect(try await bob.post("\(base(room))/messages", #"{"text":"x"}"#).status == 201)
    }
  }

  @Test("Why somebody is muted is told to him and to who moderates, and to nobody else")
  func reasonsOfMutes() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (admin, bob, eve) = (try await server.user("Ada"), try await server.user("Bob"), try await server.user("Eve"))
      #expect(try await host.send("PUT", "\(base(room))/admins/\(admin.id)").status == 204)
      let boss = try await server.operator()
      for (listener, hears) in [(host, true), (admin, true), (boss, true), (bob, true), (eve, false)] {
        try await listener.events(room) { socket in
          _ = try await socket.next("snapshot")
          let muted = try await host.send("PUT", "\(base(room))/mutes/\(bob.id)", #"{"reason":"buy now"}"#)
          #expect(try muted.string("reason") == "buy now")
          let told = try await socket.next("member.muted")
          #expect(told["userId"] as? String == bob.id && told["reason"] as? String == (hears ? "buy now" : nil))
        }
      }
    }
  }

  @Test("Why somebody is banned is told to him before he is put out, and to who moderates, and to nobody else")
  func reasonsOfBans() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      try await host.events(room) { hostSocket in
        try await eve.events(room) { eveSocket in
          try await bob.events(room) { socket in
            for socket in [hostSocket, eveSocket, socket] { _ = try await socket.next("snapshot") }
            #expect(try await host.send("PUT", "\(base(room))/bans/\(bob.id)", #"{"reason":"buy now"}"#).status == 200)
            for (listener, hears) in [(socket, true), (hostSocket, true), (eveSocket, false)] {
              let told = try await listener.next("member.banned")
              #expect(told["userId"] as? String == bob.id && told["reason"] as? String == (hears ? "buy now" : nil))
            }
            #expect(try await socket.closeCode() == 4403)
          }
        }
      }
    }
  }

  @Test("The muted give no reasons for what they do, and reasons obey the word filter")
  func wordsInReasons() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (admin, bob) = (try await server.user("Ada"), try await server.cohost("Bob", room, host: host))
      let eve = try await server.user("Eve")
      #expect(try await host.send("PUT", "\(base(room))/admins/\(admin.id)").status == 204)
      #expect(try await host.send("PATCH", base(room), #"{"settings":{"wordFilter":["bad"]}}"#).status == 200)
      let application = try await eve.post("\(base(room))/applications", #"{"media":"video"}"#).string("id")
      let requests = { (client: Client, reason: String) async throws -> [Answer] in
        let body = #"{"reason":"\#(reason)"}"#
        return [
          try await client.send("PUT", "\(base(room))/mutes/\(eve.id)", body),
          try await client.send("PUT", "\(base(room))/bans/\(eve.id)", body),
          try await client.post("\(base(room))/applications/\(application)/reject", body),
          try await client.send("DELETE", "\(base(room))/participants/\(bob.id)?reason=\(reason)"),
        ]
      }
      for answer in try await requests(host, "bad") {
        #expect(answer.status == 422 && answer.code == "chat.filtered")
      }
      #expect(try await host.send("PUT", "\(base(room))/mutes/\(admin.id)").status == 200)
      for answer in try await requests(admin, "fine") {
        #expect(answer.status == 403 && answer.code == "chat.muted")
      }
      #expect(try await admin.send("DELETE", "\(base(room))/participants/\(bob.id)").status == 204)
    }
  }

  @Test("A ban ends sockets and sessions at once and keeps its user out everywhere")
  func ban() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.cohost("Bob", room, host: host)
      #expect(try await bob.whep(room).status == 201)
      try await bob.events(room) { socket in
        _ = try await socket.next("snapshot")
        #expect(try await host.send("PUT", "\(base(room))/bans/\(bob.id)").status == 200)
        #expect(try await socket.next("member.banned")["userId"] as? String == bob.id)
        #expect(try await socket.closeCode() == 4403)
      }
      let closed = server.media.commands.filter { if case .closeSession = $0 { true } else { false } }
      #expect(closed.count == 2)
      #expect(try await bob.whip(room).code == "room.user-banned")
      #expect(try await bob.whep(room).code == "room.user-banned")
      #expect(try await bob.get("\(base(room))/events").code == "room.user-banned")
      for (path, body) in [
        ("messages", #"{"text":"x"}"#), ("likes", #"{"count":1}"#), ("gifts", #"{"giftId":"rose","count":1}"#),
        ("applications", #"{"media":"video"}"#),
      ] {
        #expect(try await bob.post("\(base(room))/\(path)", body).code == "room.user-banned", "\(path)")
      }
      for path in ["/participants", "/seats", "/scene", "/stats", "/messages"] {
        #expect(try await bob.get(base(room) + path).code == "room.user-banned", "\(path)")
      }
      for path in ["", "/participants", "/seats", "/scene", "/stats"] {
        #expect(try await server.anonymous.get(base(room) + path).status == 200, "\(path)")
      }
      #expect(try await bob.get(base(room)).status == 200)
      #expect(try await host.get("\(base(room))/bans").list("bans").count == 1)
      #expect(try await host.send("DELETE", "\(base(room))/bans/\(bob.id)").status == 204)
      try await bob.events(room) { _ = try await $0.next("snapshot") }
    }
  }

  @Test("Nobody is muted or banned who is not there, and never the host")
  func targets() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let bob = try await server.user("Bob")
      #expect(try await host.send("PUT", "\(base(room))/mutes/u_none").code == "user.unknown")
      #expect(try await host.send("PUT", "\(base(room))/bans/\(host.id)").code == "auth.forbidden")
      #expect(try await host.send("PUT", "\(base(room))/admins/\(bob.id)").status == 204)
      #expect(try await bob.send("PUT", "\(base(room))/mutes/\(host.id)").code == "auth.forbidden")
      #expect(
        try await host.send("PUT", "\(base(room))/mutes/\(bob.id)", #"{"seconds":0}"#).code == "moderation.seconds")
      #expect(try await bob.get("\(base(room))/admins").list("admins").map { $0["name"] as? String } == ["Bob"])
    }
  }

  @Test("An admin lifts or shortens neither his own mute nor what the host imposed on others")
  func imposedByHost() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let (admin, bob) = (try await server.user("Ada"), try await server.user("Bob"))
      #expect(try await host.send("PUT", "\(base(room))/admins/\(admin.id)").status == 204)
      for path in ["mutes/\(admin.id)", "mutes/\(bob.id)", "bans/\(bob.id)"] {
        #expect(try await host.send("PUT", "\(base(room))/\(path)").status == 200)
        #expect(try await admin.send("PUT", "\(base(room))/\(path)", #"{"seconds":1}"#).code == "auth.forbidden")
        #expect(try await admin.send("DELETE", "\(base(room))/\(path)").code == "auth.forbidden")
      }
      #expect(try await admin.post("\(base(room))/messages", #"{"text":"x"}"#).code == "chat.muted")
      #expect(try await server.operator().send("DELETE", "\(base(room))/bans/\(bob.id)").status == 204)
      #expect(try await admin.send("PUT", "\(base(room))/bans/\(bob.id)").status == 200)
      #expect(try await admin.send("DELETE", "\(base(room))/bans/\(bob.id)").status == 204)
    }
  }

  @Test("Mutes, bans and admins come page by page, and who is let again between two pages hides nobody")
  func paging() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      var people: [Client] = []
      for name in ["Dan", "安", "Bob", "Bob", "Eve"] { people.append(try await server.user(name)) }
      for what in ["mutes", "admins", "bans"] {
        for person in people {
          #expect(try await host.send("PUT", "\(base(room))/\(what)/\(person.id)").status < 300)
        }
        let first = try await host.get("\(base(room))/\(what)?limit=2")
        #expect(try first.list(what).map { $0["name"] as? String } == ["Bob", "Bob"])
        let gone = try #require(try first.list(what).last?["userId"] as? String)
        #expect(try await host.send("DELETE", "\(base(room))/\(what)/\(gone)").status == 204)
        let rest = try await host.get("\(base(room))/\(what)?cursor=\(try first.string("next"))")
        #expect(try rest.list(what).map { $0["name"] as? String } == ["Dan", "Eve", "安"])
        #expect(try rest.json["next"] is NSNull)
        for query in ["limit=0", "limit=101", "cursor=%21"] {
          #expect(try await host.get("\(base(room))/\(what)?\(query)").code == "room.cursor", "\(query)")
        }
      }
    }
  }

  private func standing(_ socket: WebSocketClient) async throws -> [String: Any] {
    try #require(try await socket.next("snapshot")["standing"] as? [String: Any])
  }

  private func refusal(_ socket: WebSocketClient) async throws -> String? {
    (try await socket.next("error")["error"] as? [String: Any])?["code"] as? String
  }
}
