import MixCore
import Synchronization
import Transport

@testable import SyntheticClient

/// The least server there can be: takes one publisher and forwards it to one viewer, each on a socket of its own.
final class LoopbackServer: Sendable {
  private struct Offers: Sendable {
    var publisher: String?
    var viewer: String?
    var publisherAnswer: String?
    var viewerAnswer: String?
    var isStopping = false
  }

  private let offers = Mutex(Offers())

  init() throws {
    try ClientThread.start("loopback") { [self] in
      do {
        var room = try LoopbackRoom()
        while !offers.withLock(\.isStopping) {
          try offers.withLock { offers in
            if let offer = offers.publisher, offers.publisherAnswer == nil {
              offers.publisherAnswer = try room.source.answer(offer, direction: .receive)
            }
            if let offer = offers.viewer, offers.viewerAnswer == nil {
              offers.viewerAnswer = try room.sink.answer(offer, direction: .send)
            }
          }
          room.turn()
        }
      } catch {
        offers.withLock { $0.isStopping = true }
      }
    }
  }

  deinit { stop() }

  func stop() { offers.withLock { $0.isStopping = true } }

  func publish(_ offer: String) async throws -> String {
    offers.withLock { $0.publisher = offer }
    return try await answer { $0.publisherAnswer }
  }

  func watch(_ offer: String) async throws -> String {
    offers.withLock { $0.viewer = offer }
    return try await answer { $0.viewerAnswer }
  }

  private func answer(_ find: @Sendable (borrowing Offers) -> String?) async throws -> String {
    while true {
      let (answer, isStopping) = offers.withLock { (find($0), $0.isStopping) }
      if let answer { return answer }
      if isStopping { throw SyntheticClientError.connectTimeout }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}

private struct LoopbackRoom: ~Copyable {
  var source: LoopbackPeer
  var sink: LoopbackPeer

  init() throws {
    let source = try LoopbackPeer()
    sink = try LoopbackPeer()
    self.source = source
  }

  mutating func turn() {
    let now = ClientClock.now()
    source.receive(now)
    sink.receive(now)
    if sink.isConnected { forward(now) }
    if sink.wantsKeyFrame, let video = source.index(of: .video) {
      source.session.requestKeyFrame(media: video, now: now)
      sink.wantsKeyFrame = false
    }
    source.session.forwards.removeAll()
    source.finish(now)
    sink.finish(now)
    source.socket.wait(until: now + .milliseconds(2), or: -1)
  }

  private mutating func forward(_ now: MediaTime) {
    let queue = source.session.forwards
    for packet in queue.packets {
      let kind = source.session.media[packet.media].kind
      if let media = sink.index(of: kind) { sink.session.forward(packet, in: queue, media: media, now: now) }
    }
  }
}

private struct LoopbackPeer: ~Copyable {
  let socket: ClientSocket
  var session: RTCSession
  var isConnected = false
  var wantsKeyFrame = false

  init() throws {
    let socket = try ClientSocket(bind: SocketAddress(ipv4: (127, 0, 0, 1), port: 0))
    let identity = try ClientIdentity.shared.get()
    session = try RTCSession(
      .init(role: .server, certificate: identity, hostCandidates: [socket.localAddress]), now: ClientClock.now())
    self.socket = socket
  }

  mutating func answer(_ offer: String, direction: MediaIntent.Direction) throws -> String {
    session.setForwarding(direction == .receive)
    return try session.answer(
      offer: offer,
      intents: [MediaIntent(kind: .audio, direction: direction), MediaIntent(kind: .video, direction: direction)])
  }

  mutating func receive(_ now: MediaTime) {
    while true {
      let isMore = unsafe socket.receive { datagram, address in
        _ = unsafe session.receive(datagram, from: address, now: now)
      }
      guard isMore else { break }
    }
    while let event = session.nextEvent() {
      switch event {
      case .connected:
        isConnected = true
        wantsKeyFrame = true
      case .keyFrameRequested: wantsKeyFrame = true
      default: break
      }
    }
  }

  mutating func finish(_ now: MediaTime) {
    session.advance(to: now)
    socket.send(session.transmits)
    session.transmits.removeAll()
  }

  func index(of kind: MediaIntent.Kind) -> Int? {
    session.media.firstIndex { $0.kind == kind && !$0.rejected }
  }
}
