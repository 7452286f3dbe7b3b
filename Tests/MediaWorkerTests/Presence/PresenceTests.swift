import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing
import Transport

/// Lost networks, changed addresses and new publications, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PresenceTests {
  /// A host behind a NAT, seen.
  struct Stage {
    let live: LiveRoom
    let log: PresenceLog
    let relay: NATRelay
    let host: SyntheticPublisher

    init() async throws {
      live = try await LiveRoom()
      log = PresenceLog(live.worker.events)
      let port = live.worker.localAddress.port
      let relay = try NATRelay(to: port)
      self.relay = relay
      host = try SyntheticPublisher(
        .init(label: "host", width: 320, height: 180, frameRate: 20, bitrate: 300_000, toneHertz: 440, hue: 0))
      let live = live
      try await host.start { offer in
        let user = UserID(rawValue: "host")
        let answer = try await live.answer(
          .openPublisher(SessionID(rawValue: "behind-nat"), live.room, user, .host, offer: offer))
        return relay.rewrite(answer, serverPort: port)
      }
    }

    func received() async throws -> Int { try await live.stats().participants.first?.packetsReceived ?? 0 }

    /// Seconds until this many more packets have come.
    func secondsUntil(more packets: Int) async throws -> Double {
      let (before, start) = (try await received(), ContinuousClock.now)
      #expect(try await live.eventually { try await received() > before + packets })
      return (ContinuousClock.now - start) / .seconds(1)
    }

    func end() async {
      await host.stop()
      relay.stop()
      await live.worker.shutdown()
    }
  }

  @Test("A NAT that gives the client another port interrupts nothing, again and again")
  func rebinding() async throws {
    let stage = try await Stage()
    let viewer = try await stage.live.viewer()
    _ = try await stage.secondsUntil(more: 40)
    for _ in 0..<3 {
      stage.relay.rebind()
      #expect(try await stage.secondsUntil(more: 20) < 3)
      // The first keeps its address until a check and media came from the new one; then ours goes there too.
      try await Task.sleep(for: .milliseconds(700))
    }
    #expect(stage.log.changes(of: "behind-nat") == [.connected])
    await viewer.stop()
    await stage.end()
  }

  @Test("After a silence of six seconds he is where he was: disconnected meanwhile, never out of the programme")
  func outage() async throws {
    let stage = try await Stage()
    let viewer = try await stage.live.viewer()
    _ = try await stage.secondsUntil(more: 40)
    stage.relay.setDown(true)
    #expect(try await stage.live.eventually { stage.log.changes(of: "behind-nat").last == .disconnected })
    #expect(try await stage.live.scene().layers.map(\.userId) == ["host"])
    try await Task.sleep(for: .seconds(1))
    let decoded = try await stage.live.stats().participants.first?.framesDecoded ?? 0
    stage.relay.setDown(false)
    let start = ContinuousClock.now
    #expect(
      try await stage.live.eventually { try await stage.live.stats().participants.first?.framesDecoded ?? 0 > decoded })
    #expect((ContinuousClock.now - start) / .seconds(1) < 4)
    #expect(
      try await stage.live.eventually {
        stage.log.changes(of: "behind-nat") == [.connected, .disconnected, .connected]
      })
    #expect(stage.log.scenes.allSatisfy { $0 == ["host"] })
    await viewer.stop()
    await stage.end()
  }

  @Test("A new publication takes the old one's place without leaving it empty, and keeps its order")
  func takeOver() async throws {
    let live = try await LiveRoom()
    let log = PresenceLog(live.worker.events)
    let host = try await live.host()
    let first = try await live.guest()
    let other = try await live.publisher("other", role: .cohost, tone: 880, hue: 2)
    #expect(
      try await live.eventually {
        let participants = try await live.stats().participants
        return participants.count == 3 && participants.allSatisfy { $0.framesDecoded > 0 }
      })
    #expect(try await live.scene("grid").layers.map(\.userId) == ["host", "guest", "other"])
    // What is told comes in order: nothing from before this change of the layout is still to come.
    #expect(try await live.eventually { log.layout == "grid" })
    let before = log.scenes.count
    let second = try await live.publisher("guest", role: .cohost, tone: 550, hue: 1, session: "again")
    _ = await first.ended()
    #expect(
      try await live.eventually {
        try await live.stats().participants.first { $0.userId == "guest" }?.framesDecoded ?? 0 > 0
      })
    #expect(try await live.scene("grid").layers.map(\.userId) == ["host", "guest", "other"])
    _ = try await live.scene("pip")
    #expect(try await live.eventually { log.layout == "pip" })
    #expect(log.scenes.dropFirst(before).allSatisfy { $0.count == 3 })
    // When it ends, the place it took over is free.
    await second.stop()
    #expect(try await live.eventually { try await live.scene("grid").layers.map(\.userId) == ["host", "other"] })
    for publisher in [host, other] { await publisher.stop() }
    await live.worker.shutdown()
  }

  @Test("Whoever sends checks from another one's address takes none of his packets away")
  func stolenAddress() async throws {
    let stage = try await Stage()
    _ = try await stage.secondsUntil(more: 40)
    // Another user whose checks come out of the same port of the same NAT: for the server, a spoofed address.
    let (live, relay, port) = (stage.live, stage.relay, stage.live.worker.localAddress.port)
    let thief = try SyntheticPublisher(
      .init(label: "thief", width: 160, height: 90, frameRate: 10, bitrate: 100_000, toneHertz: 880, hue: 2))
    let attempt = Task {
      try await thief.start { offer in
        let user = UserID(rawValue: "thief")
        let answer = try await live.answer(
          .openPublisher(SessionID(rawValue: "thief"), live.room, user, .cohost, offer: offer))
        return relay.rewrite(answer, serverPort: port)
      }
    }
    try await Task.sleep(for: .seconds(1))
    #expect(try await stage.secondsUntil(more: 60) < 4)
    #expect(stage.log.changes(of: "behind-nat") == [.connected])
    #expect(stage.log.changes(of: "thief").isEmpty)
    await thief.stop()
    _ = try? await attempt.value
    await stage.end()
  }

  @Test("Checks with the old credentials are answered while a restart has not been completed")
  func restartUnderWay() async throws {
    let stage = try await Stage()
    _ = try await stage.secondsUntil(more: 40)
    func unknownDatagrams() async throws -> Double {
      guard case .metrics(let metrics) = try await stage.live.worker.perform(.metrics) else { return -1 }
      return metrics.samples.first { $0.name == "datagrams_unknown_total" }?.value ?? -1
    }
    let before = try await unknownDatagrams()
    for number in 0..<6 {
      let fragment = "a=ice-ufrag:try\(number)\r\na=ice-pwd:0123456789abcdef01234567\r\n"
      let reply = try await stage.live.worker.perform(
        .patchSession(SessionID(rawValue: "behind-nat"), fragment: fragment))
      guard case .fragment(let answer) = reply else { throw MediaError.unknownSession }
      #expect(answer.contains("a=ice-ufrag:") && answer.contains("a=candidate:"))
    }
    // Longer than a client waits between two checks.
    try await Task.sleep(for: .seconds(4))
    #expect(try await unknownDatagrams() == before)
    #expect(stage.log.changes(of: "behind-nat") == [.connected])
    await stage.end()
  }
}
