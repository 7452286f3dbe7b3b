import MixCore

@testable import Transport

/// Plays the input as a script on a fresh server session: each step is one byte that says what, one byte of length, and
/// so many bytes of content.
func fuzzReceive(_ input: [UInt8]) {
  guard var fuzzer = try? ReceiveFuzzer.make() else { return }
  var rest = input[...]
  var steps = 0
  while let step = rest.popFirst(), let length = rest.popFirst(), steps < 200 {
    let content = Array(rest.prefix(Int(length)))
    rest = rest.dropFirst(Int(length))
    fuzzer.perform(step, content)
    steps += 1
  }
}

private struct ReceiveFuzzer: ~Copyable {
  private var session: RTCSession
  private var now = MediaTime.zero
  private var scratch = [UInt8](repeating: 0, count: 1500)

  private static let peer = SocketAddress(ipv4: (192, 0, 2, 1), port: 1)
  private static let remoteUfrag = "peer"
  private static let identity = try? DTLSIdentity()
  /// Made once: writing and reading descriptions has targets of its own.
  private static let offer = identity.flatMap { try? makeOffer($0) }

  private init(session: consuming RTCSession) { self.session = session }

  static func make() throws -> ReceiveFuzzer {
    guard let identity, let offer else { throw TransportError.certificateFailed }
    let server = try RTCSession(.init(role: .server, certificate: identity, seed: 2), now: .zero)
    var fuzzer = ReceiveFuzzer(session: server)
    _ = try fuzzer.session.answer(
      offer: offer,
      intents: [
        MediaIntent(kind: .audio, direction: .receive), MediaIntent(kind: .video, direction: .receive),
        MediaIntent(kind: .video, direction: .send),
        MediaIntent(kind: .video, direction: .receive, videoCodecs: [.h264]),
      ])
    fuzzer.session.setForwarding(true)
    return fuzzer
  }

  private static func makeOffer(_ identity: DTLSIdentity) throws -> String {
    var client = try RTCSession(.init(role: .client, certificate: identity, seed: 1), now: .zero)
    let text = try client.offer(intents: [
      MediaIntent(kind: .audio, direction: .send),
      MediaIntent(kind: .video, direction: .send, layers: ["q", "h"]),
      MediaIntent(kind: .video, direction: .receive), MediaIntent(kind: .video, direction: .send, videoCodecs: [.h264]),
    ])
    return text.split(separator: "\r\n").map { line in
      line.hasPrefix("a=ice-ufrag:") ? "a=ice-ufrag:\(remoteUfrag)" : String(line)
    }.joined(separator: "\r\n") + "\r\n"
  }

  mutating func perform(_ step: UInt8, _ content: [UInt8]) {
    switch step % 8 {
    case 0: receive(content)
    case 1: receive(check(content))
    case 2: receiveRTP(content)
    case 3: receiveRTCP(content)
    case 4: pass(content.first.map { MediaTime.milliseconds(Int64($0)) } ?? .seconds(1))
    case 5: send(content)
    case 6: choose(content)
    default: session.requestKeyFrame(media: Int(content.first ?? 0), now: now)
    }
    drain()
  }

  private mutating func receive(_ datagram: [UInt8]) {
    var datagram = datagram
    _ = unsafe datagram.withUnsafeMutableBytes { unsafe session.receive($0, from: Self.peer, now: now) }
  }

  /// A check with valid credentials and whatever attributes the input has.
  private func check(_ content: [UInt8]) -> [UInt8] {
    let local = session.transport.localICE
    var writer = STUNWriter(.request, transaction: STUNTransactionID(high: 1, low: 2))
    writer.append(.username, Array("\(local.ufrag):\(Self.remoteUfrag)".utf8))
    let attributes: [STUNAttribute] = [.useCandidate, .iceControlling, .iceControlled, .priority, .xorMappedAddress]
    if let first = content.first {
      writer.append(attributes[Int(first) % attributes.count], Array(content.dropFirst()))
    }
    return writer.finished(password: Array(local.password.utf8))
  }

  /// As if it had been decrypted; version and payload type are put right, so that streams are reached.
  private mutating func receiveRTP(_ content: [UInt8]) {
    guard content.count >= 2 else { return }
    let types = session.media.flatMap { media in
      [media.payloadType] + [media.rtxPayloadType, media.redPayloadType].compactMap { $0 }
    }
    var packet = content
    packet[0] = packet[0] & 0x3f | 0x80
    packet[1] = packet[1] & 0x80 | types[Int(packet[1] & 0x7f) % types.count]
    _ = unsafe packet.withUnsafeBytes { unsafe session.receiveRTP($0, now: now) }
  }

  private mutating func receiveRTCP(_ content: [UInt8]) {
    _ = unsafe content.withUnsafeBytes { unsafe session.receiveRTCP($0, now: now) }
  }

  private mutating func pass(_ time: MediaTime) {
    now += time
    session.advance(to: now)
    session.plane.advance(to: now)
    for _ in 0..<50 {
      let length = unsafe scratch.withUnsafeMutableBytes { unsafe session.plane.writeControl(into: $0, now: now) }
      if length == 0 { break }
    }
  }

  private mutating func send(_ content: [UInt8]) {
    let frame = PacketizedFrame(bytes: content, packets: [0..<content.count], timestamp: 1, isKeyFrame: true)
    _ = unsafe scratch.withUnsafeMutableBytes {
      unsafe session.plane.write(packet: 0, of: frame, media: 2, now: now, into: $0)
    }
    for _ in 0..<50 {
      let length = unsafe scratch.withUnsafeMutableBytes {
        unsafe session.plane.writeRetransmission(into: $0, now: now)
      }
      if length == 0 { break }
    }
  }

  private mutating func choose(_ content: [UInt8]) {
    let layer = Int(content.first ?? 0)
    session.selectLayer(media: Int(content.last ?? 1), layer: layer == 255 ? nil : layer)
    session.setForwarding([layer], media: 1)
  }

  private mutating func drain() {
    while session.nextEvent() != nil {}
    session.forwards.removeAll()
    session.transmits.removeAll()
    _ = session.nextDeadline
    _ = session.statistics
    for media in session.media.indices { _ = session.layerStates(media: media) }
  }
}
