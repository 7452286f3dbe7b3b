import MixCore
import Testing

@testable import MediaWorker

@Suite struct StageForwarderTests {
  /// A simulcast sender with VP8 and two temporal layers, packet by packet.
  struct Sender {
    var layer: Int
    var ssrc: UInt32
    var sequence: UInt16
    var picture: UInt16 = 100
    var base: UInt8 = 50
    var frame = 0
    var time: UInt32 = 0
    var packetsPerFrame = 3

    mutating func next(isKeyFrame: Bool = false) -> [StagePacket] {
      if isKeyFrame { frame = 0 }
      let temporal: UInt8 = frame % 2 == 0 ? 0 : 1
      if temporal == 0 { base &+= 1 }
      defer {
        frame += 1
        time &+= 3_000
        picture = (picture + 1) & 0x7fff
      }
      return (0..<packetsPerFrame).map { index in
        defer { sequence &+= 1 }
        return StagePacket(
          layer: layer, ssrc: ssrc, sequence: sequence, timestamp: time,
          isKeyFrameStart: isKeyFrame && index == 0, temporalLayer: temporal, isLayerSync: temporal == 1,
          pictureID: picture, baseLayerIndex: base)
      }
    }
  }

  private func pass(_ packets: [StagePacket], _ forwarder: inout StageForwarder) -> [StagePacket] {
    packets.compactMap { forwarder.pass($0) }
  }

  @Test("Nothing is forwarded before a key frame, and then everything unchanged")
  func start() {
    var forwarder = StageForwarder()
    var sender = Sender(layer: 0, ssrc: 1, sequence: 65_530)
    #expect(forwarder.awaitedKeyFrame == 0)
    #expect(pass(sender.next(), &forwarder).isEmpty)
    let key = sender.next(isKeyFrame: true)
    #expect(pass(key, &forwarder) == key)
    #expect(forwarder.awaitedKeyFrame == nil && forwarder.layer == 0)
    let more = sender.next() + sender.next()
    #expect(pass(more, &forwarder) == more)
  }

  @Test(
    "A layer is changed at the key frame of the other one; the old one goes on until then and never comes back by itself"
  )
  func change() {
    var forwarder = StageForwarder()
    var low = Sender(layer: 0, ssrc: 1, sequence: 10)
    var high = Sender(layer: 1, ssrc: 2, sequence: 5_000)
    _ = pass(low.next(isKeyFrame: true), &forwarder)
    forwarder.aim(at: StageTarget(layer: 1))
    #expect(forwarder.awaitedKeyFrame == 1)
    #expect(pass(high.next(), &forwarder).isEmpty)
    #expect(pass(low.next(), &forwarder).count == 3)
    let key = high.next(isKeyFrame: true)
    #expect(pass(key, &forwarder) == key)
    #expect(forwarder.layer == 1)
    #expect(pass(low.next(isKeyFrame: true), &forwarder).isEmpty)
  }

  @Test(
    "Left out temporal layers leave no holes in sequence, picture and base layer numbers, and come back at a sync frame"
  )
  func temporalLayers() {
    var forwarder = StageForwarder()
    var sender = Sender(layer: 0, ssrc: 1, sequence: 65_500)
    var passed = pass(sender.next(isKeyFrame: true), &forwarder)
    #expect(forwarder.temporalLayers == 1)
    for round in 0..<40 {
      if round == 10 { forwarder.aim(at: StageTarget(layer: 0, temporalLayers: 1)) }
      if round == 30 { forwarder.aim(at: StageTarget(layer: 0)) }
      passed += pass(sender.next(), &forwarder)
    }
    #expect(forwarder.temporalLayers == 2)
    #expect(passed.count == 3 * (41 - 10))
    expectUnbroken(passed)
  }

  /// Neighbouring packets have neighbouring numbers.
  private func expectUnbroken(_ packets: [StagePacket]) {
    for (one, next) in zip(packets, packets.dropFirst()) {
      #expect(next.sequence == one.sequence &+ 1)
      let isSameFrame = next.timestamp == one.timestamp
      #expect(next.pictureID == (isSameFrame ? one.pictureID : one.pictureID.map { ($0 + 1) & 0x7fff }))
      let isNewBase = !isSameFrame && next.temporalLayer == 0
      #expect(next.baseLayerIndex == (isNewBase ? one.baseLayerIndex.map { $0 &+ 1 } : one.baseLayerIndex))
    }
  }

  @Test("A pause ends with a key frame that follows without a hole")
  func pause() {
    var forwarder = StageForwarder()
    var sender = Sender(layer: 0, ssrc: 1, sequence: 7)
    var passed = pass(sender.next(isKeyFrame: true), &forwarder)
    forwarder.aim(at: .paused)
    #expect(forwarder.awaitedKeyFrame == nil && forwarder.layer == nil)
    for _ in 0..<9 { #expect(pass(sender.next(), &forwarder).isEmpty) }
    forwarder.aim(at: StageTarget(layer: 0))
    #expect(pass(sender.next(), &forwarder).isEmpty)
    #expect(forwarder.awaitedKeyFrame == 0)
    passed += pass(sender.next(isKeyFrame: true), &forwarder)
    passed += pass(sender.next(), &forwarder)
    #expect(passed.count == 9)
    expectUnbroken(passed)
  }

  @Test("Late packets come into the places that were left for them, those of left out frames as padding")
  func late() {
    var forwarder = StageForwarder()
    forwarder.aim(at: StageTarget(layer: 0, temporalLayers: 1))
    var sender = Sender(layer: 0, ssrc: 1, sequence: 1_000)
    var packets = sender.next(isKeyFrame: true)
    for _ in 0..<12 { packets += sender.next() }
    // The middle packets of a base frame and of a left out one arrive two frames later.
    let (baseLate, upperLate) = (packets.remove(at: 13), packets.remove(at: 15))
    #expect(baseLate.temporalLayer == 0 && upperLate.temporalLayer == 1)
    packets.insert(contentsOf: [upperLate, baseLate], at: 20)
    let passed = pass(packets, &forwarder)
    let numbers = passed.map(\.sequence).sorted()
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers == Array(numbers[0]...numbers[numbers.count - 1]))
    #expect(passed.count(where: \.isPadding) == 1)
    let inOrder = passed.sorted { $0.sequence < $1.sequence }.filter { !$0.isPadding }
    #expect(inOrder.allSatisfy { $0.temporalLayer == 0 })
    #expect(inOrder.count == 7 * 3)
    for (one, next) in zip(inOrder, inOrder.dropFirst()) { #expect(next.timestamp >= one.timestamp) }
  }

  /// Packets as they come again behind the start of their key frame.
  private func again(_ packets: [StagePacket]) -> [StagePacket] {
    packets.enumerated().map { index, packet in
      var packet = packet
      packet.isRepeated = true
      packet.isKeyFrameStart = index == 0
      return packet
    }
  }

  @Test("What overtook the first packet of another layer's key frame is forwarded behind it")
  func overtaken() {
    var forwarder = StageForwarder()
    var low = Sender(layer: 0, ssrc: 1, sequence: 10)
    var high = Sender(layer: 1, ssrc: 2, sequence: 65_534)
    _ = pass(low.next(isKeyFrame: true), &forwarder)
    forwarder.aim(at: StageTarget(layer: 1))
    let packets = high.next(isKeyFrame: true) + high.next()
    #expect(pass(Array(packets[1...]), &forwarder).isEmpty)
    #expect(pass([packets[0]], &forwarder) == [packets[0]])
    #expect(pass(Array(again(packets)[1...]), &forwarder) == Array(packets[1...]))
    let next = high.next()
    #expect(pass(next, &forwarder) == next)
  }

  @Test("A key frame that is only known to be one later begins with its parameter sets")
  func parameterSets() {
    var forwarder = StageForwarder()
    var sender = Sender(layer: 0, ssrc: 1, sequence: 10)
    var packets = sender.next(isKeyFrame: true)
    packets[0].isKeyFrameStart = false
    #expect(pass(Array(packets[..<2]), &forwarder).isEmpty)
    let passed = pass(Array(again(packets)[..<2]) + [packets[2]], &forwarder)
    #expect(passed.map(\.sequence) == [10, 11, 12])
    #expect(passed.allSatisfy { !$0.isRepeated } && passed[0].isKeyFrameStart)
  }

  @Test("What comes again for others keeps its numbers, and changes nothing of what follows")
  func repeated() {
    var forwarder = StageForwarder()
    var sender = Sender(layer: 0, ssrc: 1, sequence: 65_530)
    var passed = pass(sender.next(isKeyFrame: true), &forwarder)
    forwarder.aim(at: StageTarget(layer: 0, temporalLayers: 1))
    for _ in 0..<5 { passed += pass(sender.next(), &forwarder) }
    let packets = sender.next(isKeyFrame: true) + sender.next() + sender.next()
    let first = pass(packets, &forwarder)
    #expect(first.count == 6)
    let second = pass(again(packets), &forwarder)
    #expect(second.map(\.sequence) == first.map(\.sequence))
    #expect(second.allSatisfy { $0.isRepeated })
    passed += first
    for _ in 0..<4 { passed += pass(sender.next(), &forwarder) }
    expectUnbroken(passed)
  }

  @Test("A publisher who begins anew is followed at his next key frame")
  func restart() {
    var forwarder = StageForwarder()
    var first = Sender(layer: 0, ssrc: 1, sequence: 1)
    var second = Sender(layer: 0, ssrc: 2, sequence: 900)
    _ = pass(first.next(isKeyFrame: true), &forwarder)
    #expect(pass(second.next(), &forwarder).isEmpty)
    #expect(forwarder.awaitedKeyFrame == 0)
    #expect(pass(second.next(isKeyFrame: true), &forwarder).count == 3)
    #expect(forwarder.awaitedKeyFrame == nil)
  }

  @Test("What has no place gets none when it comes again, though its temporal layer is forwarded by then")
  func repeatedLayers() {
    var forwarder = StageForwarder()
    forwarder.aim(at: StageTarget(layer: 0, temporalLayers: 1))
    var sender = Sender(layer: 0, ssrc: 1, sequence: 1_000)
    _ = pass(sender.next(isKeyFrame: true), &forwarder)
    // The first packet of a key frame is missing, the frame behind it is left out.
    var packets = sender.next(isKeyFrame: true) + sender.next() + sender.next()
    var passed = pass(Array(packets[1...]), &forwarder)
    forwarder.aim(at: StageTarget(layer: 0))
    let upper = sender.next()
    passed += pass(upper, &forwarder)
    #expect(passed.count == 2 + 3 + 3)
    #expect(pass([packets[0]], &forwarder).count == 1)
    packets += upper
    let second = pass(Array(again(packets)[1...]), &forwarder)
    #expect(second.map(\.sequence) == passed.map(\.sequence))
    #expect(second.map(\.pictureID) == passed.map(\.pictureID))
  }

  @Test("A late packet of a frame that was left out stays padding, though its temporal layer is forwarded by then")
  func lateLayers() {
    var forwarder = StageForwarder()
    forwarder.aim(at: StageTarget(layer: 0, temporalLayers: 1))
    var sender = Sender(layer: 0, ssrc: 1, sequence: 1_000)
    var passed = pass(sender.next(isKeyFrame: true), &forwarder)
    let upper = sender.next()
    #expect(pass([upper[0], upper[2]], &forwarder).isEmpty)
    passed += pass(sender.next(), &forwarder)
    forwarder.aim(at: StageTarget(layer: 0))
    passed += pass(sender.next(), &forwarder)
    let late = pass([upper[1]], &forwarder)
    #expect(late.map(\.isPadding) == [true])
    #expect(Set((passed + late).map(\.sequence)) == Set(UInt16(1_000)..<1_010))
  }

  /// A sender whose packets come late now and then; behind the first packet of a key frame all since then come again.
  private struct LateSender {
    var sender: Sender
    private var first: StagePacket?
    private var came: [StagePacket] = []
    private var held: [StagePacket] = []

    init(_ sender: Sender) { self.sender = sender }

    mutating func next(isKeyFrame: Bool, random: (Int) -> Int) -> [StagePacket] {
      if isKeyFrame { (first, came) = (nil, []) }
      var batch: [StagePacket] = []
      for packet in sender.next(isKeyFrame: isKeyFrame) {
        if packet.isKeyFrameStart, random(3) == 0 {
          first = packet
        } else if random(20) == 0 {
          held.append(packet)
        } else {
          batch.append(packet)
          if random(8) == 0, let late = held.popLast() { batch.append(late) }
        }
      }
      came += batch
      guard let start = first, random(6) == 0 else { return batch }
      first = nil
      func distance(_ packet: StagePacket) -> Int16 { Int16(bitPattern: packet.sequence &- start.sequence) }
      var behind = came.filter { distance($0) > 0 }.sorted { distance($0) < distance($1) }
      for index in behind.indices { behind[index].isRepeated = true }
      return batch + [start] + behind
    }
  }

  @Test(
    "A source that numbers anew under the same SSRC goes on with its next key frame, behind what was sent",
    arguments: [-30_000, -2_000, 4_000, 30_000])
  func numberedAnew(step: Int) {
    var forwarder = StageForwarder()
    var sender = Sender(layer: 0, ssrc: 1, sequence: 40_000)
    let before = pass(sender.next(isKeyFrame: true) + sender.next() + sender.next(), &forwarder)
    sender.sequence = UInt16(truncatingIfNeeded: Int(sender.sequence) + step)
    #expect(pass(sender.next(), &forwarder).isEmpty)
    #expect(forwarder.awaitedKeyFrame == 0)
    let after = pass(sender.next(isKeyFrame: true) + sender.next(), &forwarder)
    #expect(after.map(\.sequence) == (0..<6).map { before[8].sequence &+ 1 &+ $0 })
    #expect(forwarder.isSettled)
  }

  @Test("Random losses, reordering, repeats, layer changes and pauses never give a number to two packets")
  func random() {
    for seed in UInt64(1)...30 {
      var state = seed &* 0x9E37_79B9_7F4A_7C15
      func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
      }
      var forwarder = StageForwarder()
      var senders = [
        LateSender(Sender(layer: 0, ssrc: 1, sequence: 65_000)), LateSender(Sender(layer: 1, ssrc: 2, sequence: 30)),
      ]
      var owners: [UInt32: [UInt16: UInt16]] = [:]
      var epoch: UInt32 = 0
      var running: Int?
      for round in 0..<600 {
        if random(20) == 0 {
          forwarder.aim(
            at: [
              StageTarget(layer: 0), StageTarget(layer: 1), .paused,
              StageTarget(layer: random(2), temporalLayers: 1),
            ][random(4)])
        }
        for index in senders.indices {
          for packet in senders[index].next(isKeyFrame: round % 17 == 0, random: random) {
            guard let out = forwarder.pass(packet) else { continue }
            // Another source begins: the stream it is sent on continues by itself.
            if running != packet.layer { (running, epoch) = (packet.layer, epoch + 1) }
            let owner = owners[epoch, default: [:]].updateValue(packet.sequence, forKey: out.sequence)
            #expect(owner == nil || out.isRepeated && owner == packet.sequence, "seed \(seed), round \(round)")
          }
        }
      }
    }
  }
}
