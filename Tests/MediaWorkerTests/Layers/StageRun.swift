import MixCore
import NetworkSimulation

@testable import MediaWorker
@testable import Transport

/// A camera with three layers, and somebody on stage who receives it and tells a bound only (REMB), in virtual time.
struct StageRun: ~Copyable {
  struct Picture {
    var arrival: MediaTime
    var layer: Int
  }

  static let bitrates = [100_000, 400_000, 1_200_000]
  private static let sizes = [(320, 180), (640, 360), (1280, 720)]
  private static let audio = 0
  private static let video = 1
  private static let keyFrameSize = 5
  private static let payloadSize = 1100

  private var link: SessionLink
  private var choice = StageChoice()
  private var forwarder = StageForwarder()
  private var opus = OpusPacketizer(timeOrigin: .zero)
  private(set) var pictures: [Picture] = []
  private(set) var sounds = 0
  private var soundsArrived: Set<Int64> = []
  private var frames: Int64 = 0
  private var numbers: [UInt16] = [0, 0, 0]
  private var wantedKeyFrames: Set<Int> = [0, 1, 2]
  private var lastRequests = [MediaTime](repeating: .distantPast, count: 3)
  private var start = MediaTime.zero
  private var nextChoice = MediaTime.zero

  init() throws {
    let link = try Self.connect()
    self.link = link
    while !isConnected(), self.link.now < .seconds(3) { step() }
    start = self.link.now
    nextChoice = start
  }

  private static func connect() throws -> SessionLink {
    var client = try RTCSession(.init(role: .client, certificate: try DTLSIdentity(), seed: 3), now: .zero)
    var server = try RTCSession(
      .init(
        role: .server, certificate: try DTLSIdentity(), hostCandidates: [SessionLink.serverAddress], seed: 4),
      now: .zero)
    let offer = try client.offer(intents: intents(.receive))
      .split(separator: "\r\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("transport-cc") && !$0.contains("transport-wide-cc") }.joined(separator: "\r\n")
    try client.accept(answer: try server.answer(offer: offer, intents: intents(.send)))
    return SessionLink(client: client, server: server, up: .perfect, down: .perfect, seed: 5)
  }

  private static func intents(_ direction: MediaIntent.Direction) -> [MediaIntent] {
    [MediaIntent(kind: .audio, direction: direction), MediaIntent(kind: .video, direction: direction)]
  }

  private mutating func isConnected() -> Bool {
    link.takeServerEvents().contains { if case .connected = $0 { true } else { false } }
  }

  /// Since media began.
  var time: MediaTime { link.now - start }
  var soundsLost: Int { sounds - soundsArrived.count }

  /// How often a better layer began.
  func raises(since begin: MediaTime) -> Int {
    let layers = pictures.filter { $0.arrival >= begin }.map(\.layer)
    return zip(layers, layers.dropFirst()).filter { $0 < $1 }.count
  }

  /// Times without a picture that can be seen as such.
  func freezes(since begin: MediaTime) -> [MediaTime] {
    let arrivals = pictures.map(\.arrival).filter { $0 >= begin }
    return zip(arrivals.dropFirst(), arrivals).map { $0 - $1 }.filter { $0 > .milliseconds(300) }
  }

  /// Lets time pass on a path of so many bits per second.
  mutating func play(for duration: MediaTime, rate: Int) {
    link.downlink.conditions.rate = rate
    let end = time + duration
    while time < end {
      sendSound()
      sendPictures()
      choose()
      step()
    }
  }

  private mutating func step() {
    link.flush()
    link.step(to: link.now + .milliseconds(1))
    for event in link.takeClientEvents() {
      switch event {
      case .videoFrame(_, let frame):
        pictures.append(Picture(arrival: time, layer: Int(frame.data.last ?? 0)))
      case .audioPacket(_, let packet): soundsArrived.insert(packet.sequence)
      default: break
      }
    }
  }

  // MARK: Media

  /// 32 kb/s.
  private mutating func sendSound() {
    let due = MediaTime.milliseconds(20) * Int64(sounds)
    guard due <= time else { return }
    let sound = EncodedPacket(
      track: .audio(.opus), data: [UInt8](repeating: 1, count: 80), time: due, duration: .milliseconds(20),
      isKeyFrame: true)
    link.server.send(opus.packetize(sound), media: Self.audio, now: link.now)
    sounds += 1
  }

  private mutating func sendPictures() {
    guard MediaTime(count: frames, rate: 30) <= time else { return }
    var queue = ForwardQueue()
    queue.isEnabled = true
    for layer in Self.bitrates.indices { add(layer, to: &queue) }
    frames += 1
    for packet in queue.packets {
      guard let passed = forwarder.pass(packet) else { continue }
      link.server.forward(passed, in: queue, media: Self.video, now: link.now)
    }
  }

  private mutating func add(_ layer: Int, to queue: inout ForwardQueue) {
    let isKeyFrame = wantedKeyFrames.remove(layer) != nil
    let payloads = Self.payloads(layer, isKeyFrame: isKeyFrame)
    for (index, payload) in payloads.enumerated() {
      let packet = ForwardQueue.Packet(
        media: Self.video, layer: layer, ssrc: UInt32(100 + layer), sequence: numbers[layer],
        timestamp: UInt32(truncatingIfNeeded: frames * 3000), marker: index == payloads.count - 1, payloadOffset: 0,
        payloadLength: 0, primaryOffset: nil, arrival: link.now, captureTime: link.now, audioLevel: nil,
        isKeyFrameStart: isKeyFrame && index == 0)
      numbers[layer] &+= 1
      unsafe payload.withUnsafeBytes { unsafe queue.append(packet, payload: $0) }
    }
  }

  /// VP8 behind descriptors of one byte; the last byte of a picture tells its layer.
  private static func payloads(_ layer: Int, isKeyFrame: Bool) -> [[UInt8]] {
    let size = bitrates[layer] / 8 / 30 * (isKeyFrame ? keyFrameSize : 1)
    var data: [UInt8] = isKeyFrame ? [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 5, 0xd0, 2] : [0x11, 0, 0]
    data += [UInt8](repeating: UInt8(layer), count: size - data.count)
    return stride(from: 0, to: data.count, by: payloadSize).map { first -> [UInt8] in
      let descriptor: UInt8 = first == 0 ? 0x10 : 0
      return [descriptor] + data[first..<min(first + payloadSize, data.count)]
    }
  }

  // MARK: Choice

  /// What the network loop does ten times a second.
  private mutating func choose() {
    for event in link.takeServerEvents() {
      guard case .keyFrameRequested = event, let layer = forwarder.layer ?? forwarder.awaitedKeyFrame else { continue }
      requestKeyFrame(of: layer)
    }
    guard link.now >= nextChoice else { return }
    nextChoice = link.now + .milliseconds(100)
    let offers = Self.bitrates.indices.map { layer in
      LayerOffer(
        layer: layer, size: PixelSize(width: Self.sizes[layer].0, height: Self.sizes[layer].1),
        bitrate: Self.bitrates[layer], isActive: true, lastPacket: link.now)
    }
    let target = choice.update(
      offers: offers, temporalLayers: forwarder.temporalLayers, tileHeight: 720,
      available: link.server.availableBitrate, isMeasured: link.server.isPathMeasured, at: link.now)
    if target != forwarder.target { forwarder.aim(at: target) }
    link.server.setMediaBitrates(
      wanted: choice.wantedBitrate, better: forwarder.isSettled ? choice.betterBitrate : nil)
    if let layer = forwarder.awaitedKeyFrame { requestKeyFrame(of: layer) }
  }

  /// At most one a second for each layer.
  private mutating func requestKeyFrame(of layer: Int) {
    guard link.now - lastRequests[layer] >= .seconds(1) else { return }
    lastRequests[layer] = link.now
    wantedKeyFrames.insert(layer)
  }
}
