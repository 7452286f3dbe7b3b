import Foundation
import Logging
import Synchronization
import Testing

@testable import SignalingServer

@Suite struct FloodTests {
  @Test("One address makes only so many users, unless it is this machine itself")
  func newcomers() async throws {
    try await withServer(configure: {
      $0.limits.newcomersBurst = 3
      $0.limits.newcomersPerMinute = 0.01
    }) { server in
      let proxied = ["X-Forwarded-For": "203.0.113.7"]
      var statuses: [Int] = []
      for _ in 0..<4 {
        let answer = try await server.anonymous.send("POST", "/api/v1/sessions", #"{"name":"x"}"#, headers: proxied)
        statuses.append(answer.status)
      }
      #expect(statuses == [201, 201, 201, 429])
      let account = try await server.anonymous.send(
        "POST", "/api/v1/accounts", credentials("some-name", "correct horse"), headers: proxied)
      #expect(account.code == "session.too-often")
      #expect(try await server.user("Local").token != nil)
    }
  }

  @Test("Behind a trusted proxy each client has the limits of his own address")
  func trustedProxy() async throws {
    try await withServer(configure: {
      $0.limits.newcomersBurst = 1
      $0.limits.newcomersPerMinute = 0.01
      $0.trustsProxy = true
    }) { server in
      var statuses: [Int] = []
      for address in ["203.0.113.7", "198.51.100.1, 203.0.113.7", "203.0.113.8", "2001:db8::1", "2001:db8::2"] {
        statuses.append(try await newcomer(server, address))
      }
      #expect(statuses == [201, 429, 201, 201, 429])
    }
  }

  @Test("Behind a trusted proxy nobody is on this machine, whatever host his request names")
  func nobodyIsLocal() async throws {
    try await withServer(configure: {
      $0.limits.newcomersBurst = 2
      $0.limits.newcomersPerMinute = 0.01
      $0.privateOutputs = .fromThisMachine
      $0.trustsProxy = true
    }) { server in
      let (host, room) = try await server.liveRoom()
      let output = #"{"url":"rtmp://127.0.0.1:1/live/k"}"#
      #expect(try await host.post("/api/v1/rooms/\(room)/outputs", output).code == "output.private")
      try await host.events(room) { socket in
        _ = try await socket.next("snapshot")
        try await socket.send(#"{"type":"call","method":"POST","path":"outputs","body":\#(output)}"#)
        #expect(try await socket.next("result")["status"] as? Int == 422)
      }
      var statuses: [Int] = []
      for _ in 0..<2 { statuses.append(try await server.anonymous.post("/api/v1/sessions", #"{"name":"x"}"#).status) }
      #expect(statuses == [201, 429])
    }
  }

  private func newcomer(_ server: TestServer, _ forwarded: String) async throws -> Int {
    let headers = ["X-Forwarded-For": forwarded]
    return try await server.anonymous.send("POST", "/api/v1/sessions", #"{"name":"x"}"#, headers: headers).status
  }

  @Test("Who tries wrong passwords with a name locks himself out, not its owner")
  func lockOut() async throws {
    try await withServer(configure: { $0.trustsProxy = true }) { server in
      _ = try await server.account("known-name")
      var codes: [String?] = []
      for _ in 0..<6 { codes.append(try await signIn(server, "wrong password", from: "203.0.113.7").code) }
      #expect(codes.last == "auth.too-often")
      #expect(try await signIn(server, "correct horse", from: "198.51.100.1").status == 200)
    }
  }

  @Test("A name that is tried from many addresses takes no strangers, and still its owner from where he was before")
  func distributedTries() async throws {
    try await withServer(configure: {
      $0.trustsProxy = true
      $0.limits.signInTriesPerName = 4
    }) { server in
      _ = try await server.account("known-name")
      #expect(try await signIn(server, "correct horse", from: "198.51.100.1").status == 200)
      var codes: [String?] = []
      for index in 0..<5 { codes.append(try await signIn(server, "wrong password", from: "203.0.113.\(index)").code) }
      #expect(codes == Array(repeating: "auth.credentials", count: 4) + ["auth.too-often"])
      #expect(try await signIn(server, "correct horse", from: "203.0.113.9").code == "auth.too-often")
      #expect(try await signIn(server, "correct horse", from: "198.51.100.1").status == 200)
    }
  }

  @Test("The owner of a name that others try gets in from where he was before, also after a restart")
  func familiarPlace() async throws {
    let directory = NSTemporaryDirectory() + "mixd-places-" + RandomName.make()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let configure: @Sendable (inout SignalingServerConfiguration) -> Void = {
      $0.trustsProxy = true
      $0.limits.signInTriesPerName = 4
    }
    try await withServer(directory: directory, configure: configure) { server in
      _ = try await server.account("known-name")
      #expect(try await signIn(server, "correct horse", from: "2001:db8::1").status == 200)
    }
    try await withServer(directory: directory, configure: configure) { server in
      for index in 0..<5 { _ = try await signIn(server, "wrong password", from: "203.0.113.\(index)") }
      #expect(try await signIn(server, "correct horse", from: "203.0.113.9").code == "auth.too-often")
      #expect(try await signIn(server, "correct horse", from: "2001:db8::2").status == 200)
    }
  }

  private func signIn(_ server: TestServer, _ password: String, from address: String) async throws -> Answer {
    try await server.anonymous.send(
      "POST", "/api/v1/sessions/login", credentials("known-name", password), headers: ["X-Forwarded-For": address])
  }

  @Test("While sign-ins wait for their hashes, others are answered; more than may wait are refused")
  func signIns() async throws {
    try await withServer(configure: {
      $0.limits.signInTries = 1000
      $0.limits.passwordCost = PasswordCost(rounds: 17, blockSize: 8, parallelism: 4)
      $0.limits.passwordQueue = 4
    }) { server in
      let answered = Statuses()
      let (statuses, sink) = AsyncStream<Int>.makeStream()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<12 {
          group.addTask {
            let body = credentials("name-\(index)", "wrong password")
            let answer = try await server.anonymous.post("/api/v1/sessions/login", body)
            answered.add(answer.status)
            sink.yield(answer.status)
          }
        }
        _ = await statuses.first { $0 == 503 }
        #expect(try await server.anonymous.get("/healthz").status == 200)
        // The hashes come one after the other; the last of them is far away.
        #expect(answered.all.count < 12)
        try await group.waitForAll()
      }
      #expect(Set(answered.all) == [401, 503])
    }
  }

  @Test("No token, key or password is ever logged")
  func silence() async throws {
    let lines = Mutex<[String]>([])
    let logger = Logger(label: "test") { _ in CollectingLog { line in lines.withLock { $0.append(line) } } }
    let secrets = Mutex<[String]>([])
    try await withServer(logger: logger) { server in
      let made = try await server.anonymous.post("/api/v1/accounts", credentials("known-name", "correct horse"))
      let admin = try await server.operator()
      let key = try await admin.post("/api/v1/api-keys", #"{"name":"Shop"}"#).string("key")
      let token = try made.string("token")
      let (host, room) = try await server.liveRoom()
      try await host.events(room, query: "?token=\(token)") { _ = try await $0.next("snapshot") }
      _ = try await host.get("/api/v1/rooms/\(room)/events?token=\(token)x")
      _ = try await Client(port: server.port, token: key).get("/api/v1/users/me")
      _ = try await server.anonymous.post(
        "/api/v1/sessions/refresh", #"{"refreshToken":"\#(made.string("refreshToken"))"}"#)
      let found = [token, key, try made.string("refreshToken"), "correct horse", TestServer.operatorPassword]
      secrets.withLock { $0 = found }
    }
    let text = lines.withLock { $0.joined(separator: "\n") }
    #expect(!text.isEmpty)
    for secret in secrets.withLock({ $0 }) { #expect(!text.contains(secret)) }
  }
}

private final class Statuses: Sendable {
  private let values = Mutex<[Int]>([])
  var all: [Int] { values.withLock { $0 } }
  func add(_ status: Int) { values.withLock { $0.append(status) } }
}

/// Everything that is logged, with its metadata.
private struct CollectingLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace
  let sink: @Sendable (String) -> Void

  init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    sink("\(event.message) \(event.metadata ?? [:]) \(metadata)")
  }
}
