import MediaControl
import Signaling
import Testing

@testable import SignalingServer

@Suite struct StageRouteTests {
  @Test("Apply, accept, publish, be controlled, be removed")
  func wholeWay() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let bob = try await server.user("Bob")
      #expect(try await bob.whip(room).code == "participant.seat-required")
      let application = try await bob.post("\(base)/applications", #"{"media":"video"}"#)
      #expect(application.status == 201)
      #expect(try application.string("state") == "pending")
      let id = try application.string("id")
      #expect(try await host.get("\(base)/applications").list("applications").count == 1)
      #expect(try await server.user("Eve").get("\(base)/applications").list("applications").isEmpty)
      #expect(try await bob.post("\(base)/applications", #"{"media":"video"}"#).code == "application.pending")
      #expect(try await bob.post("\(base)/applications/\(id)/accept").code == "auth.forbidden")
      #expect(try await host.post("\(base)/applications/\(id)/accept").string("state") == "accepted")
      #expect(try await host.post("\(base)/applications/\(id)/accept").code == "application.closed")
      #expect(try await bob.whip(room).status == 201)
      try await server.arrive(bob, room)
      #expect(
        try await host.get("\(base)/participants").list("participants").map { $0["role"] as? String } == [
          "host", "cohost",
        ])
      let muted = try await host.send("PATCH", "\(base)/participants/\(bob.id)", #"{"muted":true,"volume":0.5}"#)
      #expect(try muted.json["muted"] as? Bool == true && muted.json["volume"] as? Double == 0.5)
      #expect(server.media.commands.last?.name == "setParticipant")
      #expect(
        try await bob.send("PATCH", "\(base)/participants/\(bob.id)", #"{"volume":3}"#).code == "participant.volume")
      #expect(try await host.send("DELETE", "\(base)/participants/\(bob.id)").status == 204)
      #expect(server.media.commands.last?.name == "closeSession")
      #expect(try await bob.whip(room).code == "participant.seat-required")
      #expect(try await host.send("DELETE", "\(base)/participants/\(bob.id)").code == "participant.unknown")
    }
  }

  @Test("Who applies too often, or too soon after he was removed, is told how long to wait; so is who invites him")
  func pauses() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let (bob, eve) = (try await server.user("Bob"), try await server.user("Eve"))
      let first = try await bob.post("\(base)/applications", #"{"media":"video"}"#).string("id")
      #expect(try await bob.post("\(base)/applications/\(first)/cancel").status == 200)
      let early = try await bob.post("\(base)/applications", #"{"media":"video"}"#)
      #expect(early.status == 429 && early.code == "application.too-often")
      #expect((1...3).contains(early.headers["retry-after"].flatMap { Int($0) } ?? 0))
      let dan = try await server.cohost("Dan", room, host: host)
      #expect(try await host.send("DELETE", "\(base)/participants/\(dan.id)").status == 204)
      #expect(try await host.send("PUT", "\(base)/admins/\(eve.id)").status == 204)
      let again = try await dan.post("\(base)/applications", #"{"media":"video"}"#)
      let invited = try await eve.post("\(base)/invitations", #"{"userId":"\#(dan.id)"}"#)
      for refused in [again, invited] {
        #expect(refused.status == 429 && refused.code == "application.too-often")
        #expect((50...60).contains(refused.headers["retry-after"].flatMap { Int($0) } ?? 0))
      }
    }
  }

  @Test("Who was refused hears how long he has to wait")
  func refusal() async throws {
    try await withServer(configure: { $0.limits.room.refusalPauses = [30, 60] }) { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let bob = try await server.user("Bob")
      let id = try await bob.post("\(base)/applications", #"{"media":"audio"}"#).string("id")
      #expect(try await host.post("\(base)/applications/\(id)/reject").status == 200)
      let early = try await bob.post("\(base)/applications", #"{"media":"audio"}"#)
      #expect(early.status == 429 && early.code == "application.too-often")
      #expect((20...30).contains(early.headers["retry-after"].flatMap { Int($0) } ?? 0))
    }
  }

  @Test("Reject, cancel and invitations")
  func otherWays() async throws {
    let hurry: (inout SignalingServerConfiguration) -> Void = {
      ($0.limits.room.applicationInterval, $0.limits.room.refusalPauses) = (0, [])
    }
    try await withServer(configure: hurry) { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let bob = try await server.user("Bob")
      let first = try await bob.post("\(base)/applications", #"{"media":"audio"}"#).string("id")
      #expect(try await host.post("\(base)/applications/\(first)/reject").string("state") == "rejected")
      let second = try await bob.post("\(base)/applications", #"{"media":"audio"}"#).string("id")
      #expect(try await bob.post("\(base)/applications/\(second)/cancel").string("state") == "cancelled")
      #expect(try await host.post("\(base)/invitations", #"{"userId":"u_none"}"#).code == "user.unknown")
      #expect(try await bob.post("\(base)/invitations", #"{"userId":"\#(host.id)"}"#).code == "auth.forbidden")
      let invitation = try await host.post("\(base)/invitations", #"{"userId":"\#(bob.id)"}"#)
      #expect(invitation.status == 201)
      let id = try invitation.string("id")
      #expect(try await bob.get("\(base)/invitations").list("invitations").count == 1)
      #expect(try await host.post("\(base)/invitations", #"{"userId":"\#(bob.id)"}"#).code == "invitation.pending")
      #expect(try await host.post("\(base)/applications/\(id)/accept").code == "application.unknown")
      #expect(try await bob.post("\(base)/invitations/\(id)/accept").string("state") == "accepted")
      #expect(try await bob.whip(room).status == 201)
      #expect(try await bob.send("DELETE", "\(base)/participants/\(bob.id)").status == 204)
      #expect(try await bob.post("\(base)/applications", #"{"media":"smell"}"#).code == "json.malformed")
    }
  }

  @Test("Of a seat for sound the worker never gets a picture, until the host has turned the camera on")
  func soundOnly() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      let base = "/api/v1/rooms/\(room)"
      let bob = try await server.user("Bob")
      let id = try await bob.post("\(base)/applications", #"{"media":"audio"}"#).string("id")
      #expect(try await host.post("\(base)/applications/\(id)/accept").status == 200)
      let offer =
        "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=bundle-only\r\n"
        + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n"
      let publish = { try await bob.send("POST", "/whip/\(room)", offer, type: "application/sdp").status }
      for _ in 0..<2 { #expect(try await publish() == 201) }
      let refused = offer.replacing("video 9", with: "video 0").replacing("a=bundle-only\r\n", with: "")
      #expect(Self.offers(server, of: bob) == [refused, refused])
      try await server.arrive(bob, room)
      try await eventually { Self.isHidden(bob, server) }
      let shown = try await host.get("\(base)/participants").list("participants").last
      #expect(shown?["video"] as? Bool == false && shown?["cameraOffByHost"] as? Bool == true)
      #expect(try await host.send("PATCH", "\(base)/participants/\(bob.id)", #"{"camera":true}"#).status == 200)
      #expect(try await publish() == 201)
      #expect(Self.offers(server, of: bob).last == offer)
    }
  }

  /// The worker was told that nobody sees the user.
  private static func isHidden(_ user: Client, _ server: TestServer) -> Bool {
    server.media.commands.contains { command in
      guard case .setParticipant(_, UserID(rawValue: user.id), let controls) = command else { return false }
      return controls.camera == false
    }
  }

  private static func offers(_ server: TestServer, of user: Client) -> [String] {
    server.media.commands.compactMap { command in
      if case .openPublisher(_, _, UserID(rawValue: user.id), _, let offer) = command { offer } else { nil }
    }
  }

  @Test("The largest stage takes 15 co-hosts and not one more")
  func full() async throws {
    try await withServer { server in
      let (host, room) = try await server.liveRoom()
      #expect(try await host.send("PATCH", "/api/v1/rooms/\(room)", #"{"settings":{"stage":16}}"#).status == 200)
      for index in 0..<15 { _ = try await server.cohost("C\(index)", room, host: host) }
      let late = try await server.user("Late")
      let answer = try await late.post("/api/v1/rooms/\(room)/applications", #"{"media":"video"}"#)
      #expect(answer.status == 409 && answer.code == "room.full")
    }
  }
}
