import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Media through sessions")
struct MediaTests {
  /// The numbers of the frames that arrived; they must be in order, whole and unchanged.
  static func numbers(of received: [[UInt8]], in sent: [[UInt8]]) -> [Int] {
    var next = 0
    return received.map { content in
      let number = sent[next...].firstIndex(of: content) ?? -1
      next = max(next, number + 1)
      return number
    }
  }

  static func expectOrdered(_ numbers: [Int], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!numbers.contains(-1), "changed, repeated or out of order", sourceLocation: sourceLocation)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, sourceLocation: sourceLocation)
  }

  @Test("on a clean path every frame and packet of both directions arrives once, in order")
  func clean() throws {
    var pair = try SessionPair.make(clientIntents: SessionPair.bothWays, serverIntents: SessionPair.bothWaysBack)
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(4), client: &up, server: &down)
    pair.run(for: .milliseconds(300))
    #expect(pair.serverEvents.videoFrames.map(\.data) == up.frames)
    #expect(pair.clientEvents.videoFrames.map(\.data) == down.frames)
    #expect(pair.serverEvents.audioPackets.map(\.payload) == up.packets)
    #expect(pair.clientEvents.audioPackets.map(\.payload) == down.packets)
    let statistics = pair.server.statistics
    #expect(statistics.drops.total == 0)
    #expect(statistics.overflows == 0)
    #expect(statistics.media.allSatisfy { $0.nacksSent == 0 && $0.packetsLost == 0 })
  }

  @Test(
    "with loss, reordering and duplicates video is made whole by retransmission",
    arguments: [(0.02, 0.99), (0.1, 0.8)], [1, 2] as [UInt64])
  func lossy(quality: (loss: Double, share: Double), seed: UInt64) throws {
    var conditions = NetworkConditions(loss: quality.loss, duplication: 0.05, reordering: 0.05)
    conditions.jitter = .milliseconds(5)
    var pair = try SessionPair.make(
      conditions, seed: seed, clientIntents: SessionPair.bothWays, serverIntents: SessionPair.bothWaysBack)
    #expect(pair.run(for: .seconds(10)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(6), client: &up, server: &down)
    pair.run(for: .seconds(1))
    for (events, script) in [(pair.serverEvents, up), (pair.clientEvents, down)] {
      let frames = Self.numbers(of: events.videoFrames.map(\.data), in: script.frames)
      Self.expectOrdered(frames)
      // What was sent before the first key frame got through could not be asked for again.
      let possible = script.frames.count - (frames.first ?? 0)
      #expect(frames.first ?? .max < 20)
      #expect(Double(frames.count) >= Double(possible) * quality.share)
      let sequences = events.audioPackets.map(\.sequence)
      #expect(Set(sequences).count == sequences.count)
      #expect(Double(sequences.count) >= Double(script.packets.count) * (0.98 - quality.loss * 1.5))
    }
    let video = pair.server.statistics.media[1]
    #expect(video.packetsRecovered > 0)
    #expect(video.nacksSent > 0)
  }

  @Test("every datagram delivered again, from anywhere, gives nothing new")
  func replay() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    pair.play(for: .seconds(1), client: &up, server: &down, serverMedia: nil)
    pair.run(for: .milliseconds(200))
    let before = (pair.serverEvents.videoFrames.count, pair.serverEvents.audioPackets.count)
    let media = pair.sentByClient.filter { DatagramKind($0.span) == .rtp || DatagramKind($0.span) == .rtcp }
    #expect(media.count > 50)
    let stranger = SocketAddress(ipv4: (203, 0, 113, 66), port: 6666)
    for datagram in pair.sentByClient where DatagramKind(datagram.span) != .stun {
      for source in [pair.clientAddress, stranger] { #expect(pair.inject(datagram, from: source).answered == 0) }
    }
    let after = (pair.serverEvents.videoFrames.count, pair.serverEvents.audioPackets.count)
    #expect(before == after)
    #expect(pair.server.statistics.drops[.replayed] == UInt64(media.count))
    pair.run(for: .seconds(1))
    #expect(pair.serverEvents.connection == [.connected])
  }

  @Test("a lost key frame is asked for again until it comes")
  func keyFrame() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var (up, down) = (MediaScript(), MediaScript())
    // The first frame is never sent, so that all that follow have no reference.
    _ = up.nextFrame()
    pair.play(for: .seconds(1), client: &up, server: &down, serverMedia: nil)
    pair.run(for: .milliseconds(200))
    let frames = pair.serverEvents.videoFrames
    #expect(frames.first?.isKeyFrame == true)
    #expect(frames.count > 20)
    #expect(pair.clientEvents.keyFrameRequests >= 1)
  }

  @Test("a session forwards what another receives, under its own numbers")
  func forwarding() throws {
    var host = try SessionPair.make(.init(loss: 0.03), seed: 7)
    var viewer = try SessionPair.make(
      .init(loss: 0.03), seed: 8, clientIntents: SessionPair.receiving, serverIntents: SessionPair.sending)
    host.server.setForwarding(true)
    #expect(host.run(for: .seconds(5)) { $0.isConnected })
    #expect(viewer.run(for: .seconds(5)) { $0.isConnected })
    let start = max(host.now, viewer.now)
    host.run(until: start)
    viewer.run(until: start)
    var (up, down) = (MediaScript(), MediaScript())
    for _ in 0..<600 {
      host.play(for: .milliseconds(10), client: &up, server: &down, serverMedia: nil)
      viewer.run(until: host.now)
      let queue = host.server.forwards
      for packet in queue.packets { viewer.server.forward(packet, in: queue, media: packet.media, now: host.now) }
      host.server.forwards.removeAll()
      viewer.run(for: .zero)
      if viewer.takeKeyFrameRequest(fromClient: false) { host.server.requestKeyFrame(media: 1, now: host.now) }
    }
    viewer.run(for: .milliseconds(500))
    let frames = Self.numbers(of: viewer.clientEvents.videoFrames.map(\.data), in: up.frames)
    Self.expectOrdered(frames)
    #expect(Double(frames.count) > Double(up.frames.count) * 0.9)
    #expect(Double(viewer.clientEvents.audioPackets.count) > Double(up.packets.count) * 0.85)
  }
}
