import MediaControl
import Signaling
import Testing

@testable import SignalingServer

/// Every message of the events socket that the document describes is really sent, and as it is described: each one that
/// a test reads is compared with the document (`WebSocketClient.next`).
@Suite struct EventCoverageTests {
  private actor Seen {
    var types: Set<String> = []

    /// Takes note of everything up to the next message of this type.
    func read(_ socket: WebSocketClient, to last: String) async throws {
      var type = ""
      while type != last {
        type = try await socket.next()["type"] as? String ?? ""
        types.insert(type)
      }
    }
  }

  private struct Scene: Sendable {
    let server: TestServer
    let host: Client
    let room: String
    let bob: Client
    let rival: Client
    let rivalRoom: String
    let seen = Seen()

    var base: String { "/api/v1/rooms/\(room)" }

    func must(_ answer: Answer) throws {
      #expect(answer.status < 300, "\(answer.status) \(answer.body)")
    }
  }

  @Test("Every described message is sent by something that can happen", .timeLimit(.minutes(1)))
  func coverage() async throws {
    try await withServer(configure: { $0.limits.link.requestPause = 0 }) { server in
      let (host, room) = try await server.liveRoom()
      let (rival, rivalRoom) = try await server.liveRoom()
      let scene = Scene(
        server: server, host: host, room: room, bob: try await server.user("Bob"), rival: rival, rivalRoom: rivalRoom)
      try await host.events(room) { hostSocket in
        try await rival.events(rivalRoom) { rivalSocket in
          try await scene.bob.events(room) { bobSocket in
            try await commands(bobSocket)
            try await stage(scene, bobSocket)
            try await programme(scene)
            try await moderation(scene)
            try await chat(scene, bobSocket)
            try await battle(scene, rivalSocket)
            try await scene.server.user("Zoe").events(room) { _ in
              try await scene.seen.read(hostSocket, to: "viewer.count")
            }
            for (client, id) in [(host, room), (rival, rivalRoom)] {
              try scene.must(try await client.send("DELETE", "/api/v1/rooms/\(id)"))
            }
            for socket in [hostSocket, rivalSocket, bobSocket] { try await scene.seen.read(socket, to: "room.ended") }
          }
        }
      }
      let document = try await Contract.shared.document(port: server.port)
      #expect(Self.described(document).subtracting(await scene.seen.types).sorted() == [])
    }
  }

  private static func described(_ document: JSONValue) -> Set<String> {
    guard case .list(let messages)? = document["x-events"]?["fromServer"] else { return [] }
    return Set(messages.compactMap { if case .text(let type)? = $0["type"] { type } else { nil } })
  }

  private func commands(_ socket: WebSocketClient) async throws {
    try await socket.send(#"{"type":"like","count":3}"#)
    try await socket.send(#"{"type":"dance","ref":1}"#)
    try await socket.send(#"{"type":"call","ref":2,"method":"GET","path":"seats"}"#)
  }

  private func stage(_ scene: Scene, _ bobSocket: WebSocketClient) async throws {
    let (host, bob) = (scene.host, scene.bob)
    let application = try await bob.post("\(scene.base)/applications", #"{"media":"video"}"#).string("id")
    try scene.must(try await host.post("\(scene.base)/applications/\(application)/reject"))
    let invitation = try await host.post("\(scene.base)/invitations", #"{"userId":"\#(bob.id)"}"#).string("id")
    try scene.must(try await bob.post("\(scene.base)/invitations/\(invitation)/accept"))
    try scene.must(try await bob.whip(scene.room))
    try await scene.server.arrive(bob, scene.room)
    let wish = VideoWish(width: 0, height: 0, frameRate: 0, bitrate: 0)
    scene.server.media.emit(.videoWish(RoomID(rawValue: scene.room), UserID(rawValue: bob.id), wish))
    try await scene.seen.read(bobSocket, to: "video.wanted")
    try scene.must(try await host.send("DELETE", "\(scene.base)/participants/\(bob.id)?reason=Noise"))
  }

  private func programme(_ scene: Scene) async throws {
    try scene.must(try await scene.host.whip(scene.room))
    try await scene.server.arrive(scene.host, scene.room)
    let layers = [SceneDescription.Layer(userId: scene.host.id, x: 0, y: 0, width: 2, height: 2, zIndex: 0)]
    let picture = SceneDescription(layout: "grid", canvas: .init(width: 2, height: 2), layers: layers)
    scene.server.media.emit(.sceneChanged(RoomID(rawValue: scene.room), picture))
    let output = try await scene.host.post("\(scene.base)/outputs", #"{"url":"rtmp://127.0.0.1/a/key"}"#).string("id")
    try scene.must(try await scene.host.send("DELETE", "\(scene.base)/outputs/\(output)"))
    let recording = try await scene.host.post("\(scene.base)/recordings").string("id")
    try scene.must(try await scene.host.post("\(scene.base)/recordings/\(recording)/stop"))
    try scene.must(try await scene.host.send("DELETE", "\(scene.base)/recordings/\(recording)"))
    try scene.must(try await scene.host.send("PATCH", scene.base, #"{"title":"Other"}"#))
    try scene.must(try await scene.bob.send("PATCH", "/api/v1/users/me", #"{"name":"Robert"}"#))
  }

  private func moderation(_ scene: Scene) async throws {
    let eve = try await scene.server.user("Eve")
    for what in ["admins", "mutes", "bans"] {
      for method in ["PUT", "DELETE"] {
        try scene.must(try await scene.host.send(method, "\(scene.base)/\(what)/\(eve.id)"))
      }
    }
    try scene.must(try await scene.server.operator().post("\(scene.base)/warn", #"{"text":"Please stop"}"#))
  }

  private func chat(_ scene: Scene, _ bobSocket: WebSocketClient) async throws {
    let said = try await scene.bob.post("\(scene.base)/messages", #"{"text":"hello"}"#).string("id")
    try await scene.seen.read(bobSocket, to: "chat.messages")
    try scene.must(try await scene.bob.send("DELETE", "\(scene.base)/messages/\(said)"))
    try scene.must(try await scene.bob.post("\(scene.base)/gifts", #"{"giftId":"rose","count":1}"#))
  }

  private func battle(_ scene: Scene, _ rivalSocket: WebSocketClient) async throws {
    let (mine, theirs) = ("\(scene.base)/links", "/api/v1/rooms/\(scene.rivalRoom)/links")
    let id = try await scene.host.post(mine, #"{"roomId":"\#(scene.rivalRoom)"}"#).string("id")
    try scene.must(try await scene.rival.post("\(theirs)/\(id)/accept"))
    try scene.must(try await scene.host.post("\(mine)/\(id)/battle", #"{"duration":60}"#))
    try scene.must(try await scene.rival.post("\(theirs)/\(id)/battle/accept"))
    try scene.must(try await scene.bob.post("\(scene.base)/likes", #"{"count":5}"#))
    try await scene.seen.read(rivalSocket, to: "battle.score")
    try scene.must(try await scene.host.send("DELETE", "\(mine)/\(id)/battle"))
  }
}
