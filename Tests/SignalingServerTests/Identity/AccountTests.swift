import Testing

@testable import SignalingServer

@Suite struct AccountTests {
  @Test("An account is made, signs in under any spelling of its name, and shows who it is")
  func life() async throws {
    try await withServer { server in
      let made = try await server.anonymous.post("/api/v1/accounts", credentials("Ann-Example", "correct horse"))
      #expect(made.status == 201)
      #expect(try made.json["expiresIn"] as? Int == 3600)
      let signedIn = try await server.anonymous.post(
        "/api/v1/sessions/login", credentials("ANN-example", "correct horse"))
      #expect(signedIn.status == 200)
      #expect(try signedIn.string("userId") == made.string("userId") && signedIn.string("name") == "Ann-Example")
      let ann = Client(port: server.port, token: try signedIn.string("token"))
      let me = try await ann.get("/api/v1/users/me")
      #expect(try me.string("kind") == "account" && me.string("id") == made.string("userId"))
      #expect(try me.json["operator"] == nil)
      let guest = try await server.user("Bob")
      #expect(try await guest.get("/api/v1/users/\(made.string("userId"))").string("name") == "Ann-Example")
      #expect(try await guest.get("/api/v1/users/u_nobody").code == "user.unknown")
      #expect(try await guest.get("/api/v1/users/me").string("kind") == "guest")
    }
  }

  @Test("Names and passwords that no account may have are refused, and names that are taken")
  func refusals() async throws {
    try await withServer { server in
      let names = ["abc", String(repeating: "a", count: 25), "12345", "with space", "naïve", "a;b;c", ""]
      for name in names {
        let answer = try await server.anonymous.post("/api/v1/accounts", credentials(name, "correct horse"))
        #expect(answer.status == 422 && answer.code == "account.name", "\(name) → \(answer.body)")
      }
      for password in ["short12", "", String(repeating: "x", count: 65)] {
        let answer = try await server.anonymous.post("/api/v1/accounts", credentials("good-name", password))
        #expect(answer.status == 422 && answer.code == "account.password", "\(password)")
      }
      _ = try await server.account("Taken-Name")
      let again = try await server.anonymous.post("/api/v1/accounts", credentials("taken-name", "another password"))
      #expect(again.status == 409 && again.code == "account.exists")
    }
  }

  @Test("A wrong password and an unknown name are told nothing but that something is wrong")
  func wrongCredentials() async throws {
    try await withServer { server in
      _ = try await server.account("known-name")
      let wrong = try await server.anonymous.post("/api/v1/sessions/login", credentials("known-name", "wrong password"))
      let unknown = try await server.anonymous.post(
        "/api/v1/sessions/login", credentials("nobody-here", "wrong password"))
      #expect(wrong.status == 401 && wrong.code == "auth.credentials")
      #expect(unknown.status == wrong.status && unknown.body == wrong.body)
      let guest = try await server.user("guest-name")
      #expect(guest.token != nil)
      #expect(
        try await server.anonymous.post("/api/v1/sessions/login", credentials("guest-name", "")).code
          == "auth.credentials")
    }
  }

  @Test("Five wrong tries are enough for a minute; right ones do not count")
  func tooOften() async throws {
    try await withServer { server in
      _ = try await server.account("known-name")
      for _ in 0..<8 {
        let right = try await server.anonymous.post(
          "/api/v1/sessions/login", credentials("known-name", "correct horse"))
        #expect(right.status == 200)
      }
      var codes: [String?] = []
      for _ in 0..<6 {
        codes.append(
          try await server.anonymous.post("/api/v1/sessions/login", credentials("known-name", "wrong password")).code)
      }
      #expect(codes == Array(repeating: "auth.credentials", count: 5) + ["auth.too-often"])
      let late = try await server.anonymous.post("/api/v1/sessions/login", credentials("known-name", "correct horse"))
      #expect(late.status == 429 && late.headers["retry-after"] != nil)
    }
  }

  @Test("A new password needs the old one and ends the other sessions")
  func newPassword() async throws {
    try await withServer { server in
      let here = try await server.account("known-name")
      let there = try await server.signIn("known-name", "correct horse")
      let wrong = #"{"password":{"old":"wrong password","new":"battery staple"}}"#
      #expect(try await here.send("PATCH", "/api/v1/users/me", wrong).code == "auth.credentials")
      let right = #"{"password":{"old":"correct horse","new":"battery staple"}}"#
      #expect(try await here.send("PATCH", "/api/v1/users/me", right).status == 200)
      #expect(try await here.get("/api/v1/users/me").status == 200)
      #expect(try await there.get("/api/v1/users/me").code == "auth.invalid")
      #expect(try await server.signIn("known-name", "battery staple").token != nil)
      let renamed = try await here.send("PATCH", "/api/v1/users/me", #"{"name":"Other"}"#)
      #expect(renamed.code == "account.name")
    }
  }

  @Test("A guest may change his name, and has no password")
  func guestName() async throws {
    try await withServer { server in
      let guest = try await server.user("Bob")
      #expect(try await guest.send("PATCH", "/api/v1/users/me", #"{"name":" Rob "}"#).string("name") == "Rob")
      #expect(try await guest.get("/api/v1/users/me").string("name") == "Rob")
      let password = #"{"password":{"old":"","new":"battery staple"}}"#
      #expect(try await guest.send("PATCH", "/api/v1/users/me", password).code == "account.needed")
      #expect(try await guest.send("PATCH", "/api/v1/users/me", #"{"name":""}"#).code == "session.name")
    }
  }
}

func credentials(_ name: String, _ password: String) -> String { #"{"name":"\#(name)","password":"\#(password)"}"# }
