import MixCore
import NetworkSimulation
import Testing

@testable import Transport

/// Three cameras of one picture: 320 × 180, 640 × 360 and 1280 × 720 at 30 frames per second.
struct LayerScript {
  static let sizes = [(320, 180), (640, 360), (1280, 720)]
  private var packetizers = (0..<3).map { VP8Packetizer(firstPictureID: UInt16($0) * 5000) }
  private(set) var count = 0

  mutating func next(keyFrames: Bool) -> [PacketizedFrame] {
    let number = count
    count += 1
    return Self.sizes.indices.map { layer in
      let (width, height) = Self.sizes[layer]
      let size = (keyFrames ? 4000 : 1000) << layer
      var data: [UInt8] = keyFrames ? [0x10, 0, 0, 0x9d, 0x01, 0x2a] : [0x11, 0, 0]
      if keyFrames { for value in [width, height] { data += [UInt8(value & 255), UInt8(value >> 8)] } }
      data += (data.count..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number &* 3 &+ layer) }
      return packetizers[layer].packetize(
        encodedVideo(data, codec: .vp8, time: MediaTime(count: Int64(number), rate: 30), isKeyFrame: keyFrames))
    }
  }
}

@Suite("Simulcast")
struct SimulcastTests {
  static let rids = ["q", "h", "f"]

  static func makePair(_ conditions: NetworkConditions = .perfect, seed: UInt64 = 1) throws -> SessionPair {
    var video = SessionPair.sending[1]
    video.layers = rids
    return try SessionPair.make(
      conditions, seed: seed, clientIntents: [SessionPair.sending[0], video], serverIntents: SessionPair.receiving)
  }

  /// Sends all layers for so long; a key frame request is answered by key frames of all.
  static func play(
    _ pair: inout SessionPair, _ script: inout LayerScript, for duration: MediaTime, layers: Set<Int> = [0, 1, 2],
    drain: (inout SessionPair) -> Void = { _ in }
  ) {
    let (begin, first) = (pair.now, script.count)
    while pair.now < begin + duration {
      let isKey = script.count == 0 || pair.takeKeyFrameRequest(fromClient: true)
      for (layer, frame) in script.next(keyFrames: isKey).enumerated() where layers.contains(layer) {
        pair.client.send(frame, media: 1, layer: layer, now: pair.now)
      }
      pair.run(until: begin + MediaTime(count: Int64(script.count - first), rate: 30))
      drain(&pair)
    }
  }

  @Test("Offer and answer agree on layers, in the sender's order, each with its own sources")
  func negotiation() throws {
    let pair = try Self.makePair()
    #expect(pair.server.media[1].layers == Self.rids && pair.client.media[1].layers == Self.rids)
    let sources = pair.client.media[1].layerSources
    #expect(Set(sources.flatMap { [$0.ssrc, $0.repair ?? 0] }).count == 6)
    #expect(pair.server.media[0].layers.isEmpty)
  }

  @Test(
    "A browser's list of layers is read as it is meant",
    arguments: [
      ("send q;h;f", "q;h;f"), ("send f;~h,x;q", "f;h;q"), ("recv q;h", ""), ("recv a send q;h", "q;h"),
      ("send q;q;h;z", "q;h"), ("send ;;,;h", "h"), ("send", ""), ("", ""), ("send v;h", "h"),
    ])
  func browserOffer(list: String, layers: String) throws {
    let lines = """
      a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\na=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\na=rid:q send\r\na=rid:h send pt=96,98;max-width=640\r\na=rid:f send\r\na=rid:v send pt=103\r\na=simulcast:\(list)\r\na=rtpmap:96 VP8
      """
    let offer = OfferFixtures.chromium(direction: "sendonly").replacing("a=rtpmap:96 VP8", with: lines)
    let (negotiated, answer) = try NegotiationTests.answer(offer, NegotiationTests.publish)
    #expect(negotiated.media[1].layers.joined(separator: ";") == layers)
    #expect(answer.media[1].attributes.first("simulcast") == (layers.isEmpty ? nil : "recv \(layers)"))
    #expect(answer.media[1].attributes.all("rid") == negotiated.media[1].layers.map { "\($0) recv" })
  }

  @Test("One layer is delivered, all are measured; the change waits for a key frame and loses no frame")
  func switching() throws {
    var pair = try Self.makePair()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    var script = LayerScript()
    Self.play(&pair, &script, for: .seconds(2))
    #expect(pair.serverEvents.videoFrames.allSatisfy { $0.layer == 0 })
    #expect(pair.serverEvents.videoFrames.count >= 58)
    let states = pair.server.layerStates(media: 1)
    #expect(states.map(\.rid) == Self.rids && states.allSatisfy(\.isActive))
    #expect(states.map(\.width) == [320, 640, 1280] && states.map(\.height) == [180, 360, 720])
    #expect(states.allSatisfy { (27...31).contains($0.framesPerSecond) })
    for (layer, state) in states.enumerated() { #expect((220_000 << layer...280_000 << layer).contains(state.bitrate)) }
    #expect(pair.clientEvents.keyFrameRequests == 0)

    pair.server.selectLayer(media: 1, layer: 2)
    Self.play(&pair, &script, for: .seconds(1))
    let layers = pair.serverEvents.videoFrames.map(\.layer)
    let change = try #require(layers.firstIndex(of: 2))
    #expect(layers[change...].allSatisfy { $0 == 2 })
    #expect(pair.serverEvents.videoFrames[change].isKeyFrame)
    #expect(pair.clientEvents.keyFrameRequests == 1)
    #expect(pair.serverEvents.videoFrames.count >= 88)
    let times = pair.serverEvents.videoFrames.map(\.captureTime)
    #expect(zip(times.dropFirst(), times).allSatisfy { $0 - $1 < .milliseconds(70) && $0 > $1 - .milliseconds(5) })
  }

  @Test("Every layer is repaired by its own retransmissions, but only while somebody wants it", arguments: [0, 1, 2])
  func repair(layer: Int) throws {
    var pair = try Self.makePair(seed: UInt64(layer) + 9)
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.server.selectLayer(media: 1, layer: layer)
    var script = LayerScript()
    pair.uplink.conditions.loss = 0.05
    Self.play(&pair, &script, for: .seconds(5))
    let frames = pair.serverEvents.videoFrames.filter { $0.layer == layer }
    #expect(frames.count > 140)
    let wanted = pair.server.statistics.media[1].nacksSent
    #expect(wanted > 0)
    pair.server.selectLayer(media: 1, layer: nil)
    let count = pair.serverEvents.videoFrames.count
    let requests = pair.clientEvents.keyFrameRequests
    Self.play(&pair, &script, for: .seconds(2))
    #expect(pair.serverEvents.videoFrames.count == count)
    #expect(pair.server.statistics.media[1].nacksSent <= wanted + 4)
    #expect(pair.clientEvents.keyFrameRequests == requests)
    #expect(pair.server.layerStates(media: 1).allSatisfy { $0.isActive && $0.bitrate > 100_000 })
  }

  @Test("A layer that ends is seen to be silent within a second, and another one takes over")
  func silence() throws {
    var pair = try Self.makePair()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.server.selectLayer(media: 1, layer: 2)
    var script = LayerScript()
    Self.play(&pair, &script, for: .seconds(1))
    Self.play(&pair, &script, for: .milliseconds(1100), layers: [0, 1])
    #expect(pair.server.layerStates(media: 1).map(\.isActive) == [true, true, false])
    #expect(pair.server.layerStates(media: 1)[2].bitrate == 0)
    pair.server.selectLayer(media: 1, layer: 1)
    Self.play(&pair, &script, for: .milliseconds(300), layers: [0, 1])
    #expect(pair.serverEvents.videoFrames.last?.layer == 1)
  }

  @Test("Layers are forwarded as they are wanted, and a viewer sees one stream across the change")
  func forwarding() throws {
    var pair = try Self.makePair()
    #expect(pair.run(for: .seconds(2)) { $0.isConnected })
    pair.server.setForwarding(true)
    pair.server.setForwarding([1, 2], media: 1)
    var script = LayerScript()
    var packets: [(ForwardQueue.Packet, [UInt8])] = []
    Self.play(&pair, &script, for: .seconds(1)) { pair in
      let queue = pair.server.forwards
      for packet in queue.packets {
        packets.append(
          (packet, Array(queue.bytes[packet.payloadOffset..<(packet.payloadOffset + packet.payloadLength)])))
      }
      pair.server.forwards.removeAll()
    }
    #expect(Set(packets.map(\.0.layer)) == [1, 2])
    var rewriting = SourceRewriting()
    var pictures: [UInt16] = []
    var last: (next: UInt16, timestamp: UInt32)?
    // The first half of the one layer, the second half of the other.
    let one = packets.filter { $0.0.layer == 1 }
    let other = packets.filter { $0.0.layer == 2 }
    for (packet, payload) in one.prefix(one.count / 2) + other.suffix(other.count / 2) {
      let numbers = rewriting.map(
        packet, nextSequence: last?.next ?? 100, lastTimestamp: last?.timestamp,
        lastTime: packet.captureTime - .milliseconds(33), clockRate: 90_000)
      if let last { #expect(numbers.sequence == last.next) }
      last = (numbers.sequence &+ 1, numbers.timestamp)
      var rewritten = payload
      unsafe rewritten.withUnsafeMutableBytes { unsafe numbers.vp8?.write(into: $0) }
      #expect(rewritten.dropFirst(4) == payload.dropFirst(4))
      let descriptor = unsafe rewritten.withUnsafeBytes { unsafe VP8Descriptor(parsing: $0) }
      if let id = descriptor?.pictureID, id != pictures.last { pictures.append(id) }
    }
    #expect(pictures.count > 25)
    #expect(zip(pictures.dropFirst(), pictures).allSatisfy { $0 == ($1 &+ 1) & 0x7fff })
  }

  @Test("Sources with RIDs that nobody agreed on, or without any, are dropped and counted (rows B3, B10)")
  func strangers() throws {
    var media = Wire.media(.receive, codec: .vp8, rtx: true)
    media[1].layers = Self.rids
    media[1].remoteSSRC = nil
    media[1].extensions[.rid] = 10
    var table = SourceTable(media: media)
    func header(_ ssrc: UInt32, _ rid: String?, type: UInt8 = 96, repaired: String? = nil) -> RTPHeader {
      var header = SourceTableTests.header(ssrc, type: type, mid: "1")
      header.extensions.rid = rid.flatMap { ExtensionToken($0) }
      header.extensions.repairedRID = repaired.flatMap { ExtensionToken($0) }
      return header
    }
    #expect(table.route(of: header(1, "z"), now: .zero) == nil)
    #expect(table.route(of: header(1, nil), now: .zero) == nil)
    #expect(table.route(of: header(2, "h"), now: .zero) == .init(media: 1, layer: 1))
    #expect(table.route(of: header(3, "h", type: 97), now: .zero) == nil)
    #expect(table.route(of: header(3, nil, type: 97, repaired: "f"), now: .zero) == .init(media: 1, layer: 2))
    #expect(table.route(of: header(2, nil), now: .zero) == .init(media: 1, layer: 1))
    let more = (100..<200).filter { table.route(of: header(UInt32($0), "q"), now: .zero) != nil }
    #expect(more.count == SourceTable.maximumSources - 3)
  }

  @Test("Several sources at once on a section that agreed on one do not take turns (row B10)")
  func notNegotiated() {
    var wire = Wire(seed: 4)
    var random = SeededRandom(seed: 5)
    var other = Wire.media(.send, codec: .vp8, rtx: true)
    other[1].localSSRC = 777
    var second = MediaPlane(media: other, cname: "o", ntpOffset: .seconds(3_900_000_000), random: &random)
    var (source, stranger) = (FrameSource(start: wire.now), FrameSource(start: wire.now))
    for index in 0..<40 {
      wire.send(source.next(size: 2000, isKeyFrame: index % 10 == 0, now: wire.now), media: 1)
      let frame = stranger.next(size: 3000, isKeyFrame: index % 10 == 0, now: wire.now)
      for packet in frame.packets.indices {
        let now = wire.now
        wire.inject(unsafe Wire.buffer { unsafe second.write(packet: packet, of: frame, media: 1, now: now, into: $0) })
      }
      wire.run(.milliseconds(33))
    }
    wire.run(.seconds(1))
    #expect(wire.receiver.statistics(media: 1).packetsDiscarded > 60)
    #expect(wire.videoFrames.count >= 40)
    #expect(Set(wire.videoFrames.dropFirst(2).map(\.data.count)).count == 1)
  }
}
