import Glibc
import MediaWorker
import MixCore
import Outputs
import Synchronization
import Testing

@Suite("Output reach")
struct OutputReachTests {
  @Test("a name that has come to mean a private address is not connected to, however often it is tried")
  func rebinding() throws {
    let media = try EncodedSecond()
    let server = try HandshakeServer()
    let recorder = OutputWorkerTests.Recorder()
    let lookups = Atomic<Int>(0)
    let worker = OutputWorker(
      destination: try OutputDestination("rtmp://live.example:\(server.port)/app/key"),
      reach: .publicAddresses { _ in
        lookups.add(1, ordering: .relaxed)
        return [[127, 0, 0, 1]]
      }, format: media.format, onPhase: { phase in recorder.phases.withLock { $0.append(phase) } },
      onFirstByte: { _ in })
    let isRefused = recorder.wait(5) { phase in
      if case .retrying(let reason) = phase { reason.contains("output.private") } else { false }
    }
    #expect(isRefused)
    for _ in 0..<300 where lookups.load(ordering: .relaxed) < 2 { usleep(10_000) }
    #expect(lookups.load(ordering: .relaxed) >= 2)
    worker.stop()
    #expect(!server.hasCaller)
  }

  @Test("one private address among public ones is enough to refuse them all")
  func mixed() throws {
    let media = try EncodedSecond()
    let recorder = OutputWorkerTests.Recorder()
    let worker = OutputWorker(
      destination: try OutputDestination("srt://live.example:9000"),
      reach: .publicAddresses { _ in [[8, 8, 8, 8], [10, 0, 0, 1]] }, format: media.format,
      onPhase: { phase in recorder.phases.withLock { $0.append(phase) } }, onFirstByte: { _ in })
    let isRefused = recorder.wait(5) { phase in
      if case .retrying(let reason) = phase { reason.contains("output.private") } else { false }
    }
    #expect(isRefused)
    worker.stop()
  }

  @Test("a name server that does not answer cannot hold up the stop")
  func silentNameServer() throws {
    let media = try EncodedSecond()
    let recorder = OutputWorkerTests.Recorder()
    let worker = OutputWorker(
      destination: try OutputDestination("rtmp://slow.example/app/key"),
      reach: .publicAddresses { _ in
        sleep(5)
        return []
      }, format: media.format, onPhase: { phase in recorder.phases.withLock { $0.append(phase) } },
      onFirstByte: { _ in })
    #expect(recorder.wait(5) { $0 == .connecting })
    usleep(200_000)
    let start = MonotonicClock.now()
    worker.stop()
    #expect(MonotonicClock.now() - start < .seconds(1))
  }

  @Test(
    "the checked address is connected to, and the server is told the name as without the check",
    arguments: [
      ("app/key", "app"), ("app/instance/key?sign=1", "app/instance"), ("app/mp4:dir/key", "app"), ("app", "app"),
      ("app/key?a=/b", "app/key?a="),
    ])
  func name(path: String, application: String) throws {
    let server = try HandshakeServer()
    // The end of the object follows the last field.
    func told(_ host: String) -> String { "rtmp://\(host):\(server.port)/\(application)\u{0}\u{0}\u{9}" }
    let plain = try OutputDestination("rtmp://localhost:\(server.port)/\(path)")
    #expect(try server.connectMessage(of: plain).contains(told("localhost")))
    let other = try OutputDestination("rtmp://live.example:\(server.port)/\(path)")
    let pinned = try #require(other.pinned(to: [127, 0, 0, 1]))
    #expect(try server.connectMessage(of: pinned).contains(told("live.example")))
    #expect(pinned.redacted == other.redacted)
  }

  @Test("where a certificate guards the name, the name is connected to")
  func certificates() throws {
    #expect(try OutputDestination("rtmps://live.example/app/key").pinned(to: [8, 8, 8, 8]) == nil)
    #expect(try OutputDestination("srt://live.example:9000?streamid=x").pinned(to: [8, 8, 8, 8]) != nil)
  }
}

/// An RTMP server that shakes hands and listens to what the client says then.
private final class HandshakeServer {
  private let server: SilentServer

  init() throws { server = try SilentServer() }

  var port: UInt16 { server.port }

  /// Whether somebody has connected.
  var hasCaller: Bool {
    var descriptor = pollfd(fd: server.descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&descriptor, 1, 0) > 0
  }

  /// What a muxer for `destination` says after the handshake, as text.
  func connectMessage(of destination: OutputDestination) throws -> String {
    let format = try EncodedSecond().format
    let interrupt = InterruptFlag()
    BlockingWork.run { _ = try? Muxer(destination, format: format, interrupt: interrupt, interleave: false) }
    defer { interrupt.raise() }
    let peer = accept(server.descriptor, nil, nil)
    try #require(peer >= 0)
    defer { close(peer) }
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    _ = unsafe setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let greeting = read(1 + 1536, from: peer)
    // S0, S1 and S2, which repeats what the client has sent (RTMP 1.0 §5.2).
    let answer = [3] + [UInt8](repeating: 0, count: 1536) + greeting.dropFirst()
    try #require(unsafe send(peer, answer, answer.count, 0) == answer.count)
    _ = read(1536, from: peer)
    // Without the one-byte heads between chunks of 128 bytes (§5.3.1). The client waits for an answer afterwards.
    return String(decoding: read(4096, from: peer).filter { $0 != 0xC3 }, as: UTF8.self)
  }

  /// As much as comes before a second without anything.
  private func read(_ count: Int, from peer: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let length = unsafe recv(peer, &bytes, count, Int32(MSG_WAITALL))
    return Array(bytes.prefix(max(0, length)))
  }
}
