import Signaling
import Testing

@testable import SignalingServer

/// Why links and battles are refused.
@Suite struct LinkReasonTests {
  @Test("They obey the word filters of all rooms that may hear them, and the muted give none")
  func words() async throws {
    try await withServer(configure: { $0.limits.link.requestPause = 0 }) { server in
      let (a, b, id) = try await LinkRouteTests.linked(server)
      let c = try await LinkRouteTests.side(server)
      for (side, word) in [(a, "foul"), (c, "rude")] {
        let filter = #"{"settings":{"wordFilter":["\#(word)"]}}"#
        #expect(try await side.host.send("PATCH", "/api/v1/rooms/\(side.room)", filter).status == 200)
      }
      #expect(try await a.act(id, "invite", #"{"roomId":"\#(c.room)"}"#).status == 200)
      #expect(try await a.act(id, "battle", #"{"duration":60}"#).status == 200)
      for (side, what, word) in [(c, "reject", "rude"), (c, "reject", "FOUL"), (b, "battle/reject", "foul")] {
        let refused = try await side.act(id, what, #"{"reason":"\#(word)"}"#)
        #expect(refused.status == 422 && refused.code == "chat.filtered", "\(what): \(word)")
      }
      let long = #"{"reason":"\#(String(repeating: "x", count: 101))"}"#
      #expect(try await c.act(id, "reject", long).code == "link.reason")
      let admin = try await server.operator()
      #expect(try await admin.send("PUT", "/api/v1/rooms/\(a.room)/mutes/\(c.host.id)").status == 200)
      let muted = try await c.act(id, "reject", #"{"reason":"Later"}"#)
      #expect(muted.status == 403 && muted.code == "chat.muted")
      #expect(try await c.act(id, "reject").status == 200)
      #expect(try await b.act(id, "battle/reject", #"{"reason":"rude"}"#).status == 200)
    }
  }
}
