import Foundation
import Testing

@testable import SignalingServer

@Suite struct SessionTests {
  @Test("A guest gets an id and a token, and the token is not logged into the URL of anything")
  func guest() async throws {
    try await withServer { server in
      let answer = try await server.anonymous.post("/api/v1/sessions", #"{"name":"  Ann 安  "}"#)
      #expect(answer.status == 201)
      #expect(try answer.string("name") == "Ann 安")
      #expect(try answer.string("userId").hasPrefix("u_"))
      #expect(try answer.string("token").split(separator: ".").count == 3)
    }
  }
}
