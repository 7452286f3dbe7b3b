import Foundation
import NIOCore
import Synchronization
import Testing

@testable import SignalingServer

/// Files that are larger than what lies in the buffers between server and reader.
@Suite struct RecordingDownloadTests {
  private static let size = 32 << 20

  /// A recording that is over, with a file of that size.
  private static func recorded(_ server: TestServer) async throws -> (scene: RecordingScene, id: String) {
    let scene = try await RecordingScene(server)
    let id = try await scene.start()
    let file = try #require(FileHandle(forWritingAtPath: scene.path(of: id)))
    try file.truncate(atOffset: UInt64(size))
    try file.close()
    try await scene.stop(id)
    return (scene, id)
  }

  /// How many bytes come, the head of the answer included, to who waits after the first part and after each.
  private static func read(
    _ scene: RecordingScene, _ id: String, first: Duration = .zero, each: Duration = .zero
  ) async throws -> Int {
    let request =
      "GET \(scene.base)/\(id)/file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
      + "Authorization: Bearer \(scene.host.token ?? "")\r\n\r\n"
    let connection = try await RawConnection.open(port: scene.server.port)
    return try await connection.channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var received = 0
      do {
        for try await part in inbound {
          if received == 0 { try await Task.sleep(for: first) }
          received += part.readableBytes
          try await Task.sleep(for: each)
        }
      } catch {
        // A reset is an end too.
      }
      return received
    }
  }

  @Test("Who reads slowly gets the whole file, however long it takes; who reads no more is cut off")
  func slowReaders() async throws {
    // Two seconds for an answer that is not taken.
    let limits = { (configuration: inout SignalingServerConfiguration) in
      (configuration.limits.bodyDeadline, configuration.limits.mediaTimeout) = (1, 1)
    }
    try await withServer(configure: limits) { server in
      let (scene, id) = try await Self.recorded(server)
      let start = ContinuousClock.now
      let steady = try await Self.read(scene, id, each: .milliseconds(8))
      #expect(steady > Self.size)
      #expect(ContinuousClock.now - start > .seconds(3))
      let stalled = try await Self.read(scene, id, first: .seconds(6))
      #expect(stalled < Self.size)
    }
  }

  @Test("A server that stops waits for no reader, slow or asleep")
  func stopping() async throws {
    let start = Mutex(ContinuousClock.now)
    let readers = Mutex<[Task<Int, any Error>]>([])
    try await withServer { server in
      let (scene, id) = try await Self.recorded(server)
      let tasks = [Duration.milliseconds(20), .seconds(30)].map { pause in
        Task { try await Self.read(scene, id, each: pause) }
      }
      readers.withLock { $0 = tasks }
      try await Task.sleep(for: .milliseconds(500))
      start.withLock { $0 = .now }
    }
    #expect(ContinuousClock.now - start.withLock { $0 } < .seconds(8))
    for reader in readers.withLock({ $0 }) { reader.cancel() }
  }

  @Test("A link gives one file to whoever has it, and nothing else")
  func link() async throws {
    try await withServer { server in
      let scene = try await RecordingScene(server)
      let (id, other) = (try await scene.recorded(), try await scene.recorded())
      let link = try await scene.host.post("\(scene.base)/\(id)/link")
      let (url, viewer) = (try link.string("url"), try await server.user("Eve"))
      #expect(try await server.anonymous.get(url).body == RecordingScene.film)
      let part = try await viewer.send("GET", url, headers: ["Range": "bytes=2-5"])
      #expect(part.status == 206 && part.body == "2345")
      let bare = "\(scene.base)/\(id)/file"
      let wrong = [
        (url + "x", "auth.invalid"), (url.replacing(id, with: other), "auth.invalid"),
        ("\(bare)?token=1.x", "auth.invalid"), (url.replacing("/file", with: ""), "auth.required"),
        (bare, "auth.required"),
      ]
      for (address, code) in wrong {
        let answer = try await server.anonymous.get(address)
        #expect(answer.status == 401 && answer.code == code, "\(address)")
      }
      #expect(try await viewer.post("\(scene.base)/\(id)/link").status == 403)
      #expect(try await scene.host.post("\(scene.base)/rec_none/link").code == "recording.unknown")
    }
  }

  @Test("Tokens of links are good for one recording, for a while, and by one secret")
  func tokens() {
    let links = RecordingLinks(secret: "secret")
    let token = links.token(for: "rec_a", until: 1000)
    #expect(links.admits(token, to: "rec_a", at: 999))
    #expect(!links.admits(token, to: "rec_a", at: 1000))
    #expect(!links.admits(token, to: "rec_b", at: 999))
    #expect(!RecordingLinks(secret: "other").admits(token, to: "rec_a", at: 999))
    #expect(!links.admits(token.replacing("1000", with: "2000"), to: "rec_a", at: 999))
    // A last character whose lowest bits say nothing, so that another one stands for the same bytes.
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let last = token.last.flatMap { digits.firstIndex(of: $0) } ?? 0
    let spare = String(token.dropLast()) + String(digits[last ^ 1])
    for twin in ["+" + token, "0" + token, spare] {
      #expect(!links.admits(twin, to: "rec_a", at: 999), "\(twin)")
    }
    let long = String(repeating: "9", count: 200)
    for nonsense in ["", ".", "1000", "1000.", "1000.x", "x." + token, token + "=", long] {
      #expect(!links.admits(nonsense, to: "rec_a", at: 0), "\(nonsense)")
    }
  }
}
