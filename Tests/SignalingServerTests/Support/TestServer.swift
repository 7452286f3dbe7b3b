import Foundation
import Logging
import MediaControl
import ServiceLifecycle
import Testing

@testable import SignalingServer

/// The real service on a free port of the loopback interface.
struct TestServer: Sendable {
  let port: Int
  let media: RecordingMedia
  let directory: String

  var anonymous: Client { Client(port: port) }

  func user(_ name: String) async throws -> Client {
    let answer = try await anonymous.post("/api/v1/sessions", #"{"name":"\#(name)"}"#)
    #expect(answer.status == 201)
    return Client(port: port, token: try answer.string("token"), id: try answer.string("userId"))
  }

  static let operatorName = "the-operator"
  static let operatorPassword = "operator secret"

  /// A new account, signed in.
  func account(_ name: String) async throws -> Client {
    let answer = try await anonymous.post(
      "/api/v1/accounts", #"{"name":"\#(name)","password":"correct horse"}"#)
    #expect(answer.status == 201)
    return Client(port: port, token: try answer.string("token"), id: try answer.string("userId"))
  }

  func signIn(_ name: String, _ password: String) async throws -> Client {
    let answer = try await anonymous.post(
      "/api/v1/sessions/login", #"{"name":"\#(name)","password":"\#(password)"}"#)
    #expect(answer.status == 200)
    return Client(port: port, token: try answer.string("token"), id: try answer.string("userId"))
  }

  func `operator`() async throws -> Client { try await signIn(Self.operatorName, Self.operatorPassword) }

  /// A client with an API key.
  func backend() async throws -> Client {
    let answer = try await self.operator().post("/api/v1/api-keys", #"{"name":"Backend"}"#)
    #expect(answer.status == 201)
    return Client(port: port, token: try answer.string("key"))
  }

  /// A host with a live room.
  func liveRoom() async throws -> (host: Client, room: String) {
    let host = try await user("Host")
    let room = try await host.openRoom()
    #expect(try await host.whip(room).status == 201)
    try await arrive(host, room)
    return (host, room)
  }

  /// Media of a publishing user arrives.
  func arrive(_ user: Client, _ room: String) async throws {
    media.emit(.participantMedia(RoomID(rawValue: room), UserID(rawValue: user.id), video: true, audio: true))
    try await eventually {
      try await anonymous.get("/api/v1/rooms/\(room)/participants").list("participants")
        .contains { $0["userId"] as? String == user.id && $0["state"] as? String == "live" }
    }
  }

  /// A co-host by way of an application, on stage and live.
  func cohost(_ name: String, _ room: String, host: Client) async throws -> Client {
    let guest = try await user(name)
    let application = try await guest.post("/api/v1/rooms/\(room)/applications", #"{"media":"video"}"#).string("id")
    #expect(try await host.post("/api/v1/rooms/\(room)/applications/\(application)/accept").status == 200)
    #expect(try await guest.whip(room).status == 201)
    try await arrive(guest, room)
    return guest
  }
}

/// Runs `body` against a fresh server; stops the server gracefully afterwards.
func withServer(
  directory: String? = nil, logger: Logger? = nil, configure: (inout SignalingServerConfiguration) -> Void = { _ in },
  _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
  let folder = directory ?? NSTemporaryDirectory() + "mixd-test-" + RandomName.make()
  defer { if directory == nil { try? FileManager.default.removeItem(atPath: folder) } }
  var configuration = SignalingServerConfiguration(
    httpAddress: .init(host: "127.0.0.1", port: 0), dataDirectory: folder, privateOutputs: .always)
  configuration.operatorAccount = try OperatorAccount(
    name: TestServer.operatorName, password: TestServer.operatorPassword)
  configuration.limits.passwordCost = PasswordCost(rounds: 4, blockSize: 1, parallelism: 1)
  // Most tests are about something else.
  (configuration.limits.roomsPerGuest, configuration.limits.roomsBurst) = (1000, 1000)
  configuration.limits.changesBurst = 100_000
  configuration.limits.recording.minimumFree = 0
  configure(&configuration)
  let media = RecordingMedia()
  var quiet = Logger(label: "test")
  quiet.logLevel = .critical
  let logger = logger ?? quiet
  let (ports, bound) = AsyncStream<Int>.makeStream()
  let service = try makeSignalingService(configuration: configuration, media: media, logger: logger) { port in
    bound.yield(port)
  }
  let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      try await group.run()
      bound.finish()
    }
    let port = try #require(await ports.first { _ in true })
    try await body(TestServer(port: port, media: media, directory: folder))
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
  }
}

/// Waits until something that happens elsewhere has happened; the limit of 20 s only bounds a failing test.
func eventually(_ condition: () async throws -> Bool) async throws {
  for _ in 0..<1_000 {
    if try await condition() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  Issue.record("It never happened.")
}
