import MixCore
import Testing

@Suite("Audio playout of odd and hostile streams")
struct AudioPlayoutHostilityTests {
  @Test(
    "Timestamps may jump anywhere; sound is back within 200 ms", arguments: [1 << 31, -(1 << 31), -480_000, 480_000])
  func timestampJump(by jump: Int) throws {
    var sent = try AudioSource.tone(440, seconds: 4)
    for index in sent.indices where index >= 100 { sent[index].timestamp += Int64(jump) }
    let run = try PlayoutRun.of(AudioNetwork(seed: 1).carried(sent), seconds: 3.9)
    #expect(run.statistics.resyncs == 1)
    #expect(Spectrum.longestSilence(run.samples(0.5, 3.8)) < 200 * 48)
    #expect(run.delay(2.5, 3.9).most < 110)
    #expect(run.statistics.late == 0)
  }

  @Test("Timestamps may go ahead too little to be seen at once", arguments: [24_000, 36_000, 47_000])
  func timestampsAhead(by step: Int64) throws {
    var sent = try AudioSource.tone(440, seconds: 4)
    for index in sent.indices where index >= 100 { sent[index].timestamp += step }
    let run = try PlayoutRun.of(AudioNetwork(seed: 1).carried(sent), seconds: 3.9)
    #expect(run.statistics.resyncs == 0)
    #expect(Spectrum.longestSilence(run.samples(0.5, 3.8)) < 100 * 48)
    #expect(run.delay(2.5, 3.9).most < 110)
  }

  @Test("A new stream of sequence numbers and timestamps is taken over")
  func restart() throws {
    var sent = try AudioSource.tone(440, seconds: 4)
    for index in sent.indices where index >= 100 {
      sent[index].timestamp -= 3_999_000_000
      sent[index].sequence -= 50_000
    }
    let run = try PlayoutRun.of(AudioNetwork(seed: 1).carried(sent), seconds: 3.9)
    #expect(run.statistics.resyncs == 1)
    #expect(Spectrum.longestSilence(run.samples(0.5, 3.8)) < 200 * 48)
  }

  @Test("A reordered packet with an impossible timestamp is dropped", arguments: [Int64.max, .min, 1 << 40, 960_000])
  func impossibleTimestamp(jump: Int64) throws {
    var sent = try AudioSource.tone(440, seconds: 3)
    sent.swapAt(60, 62)
    for index in 60...62 {
      sent[index].complete = sent[61].complete
      if index == 62 { sent[index].timestamp &+= jump }
    }
    let run = try PlayoutRun.of(AudioNetwork(seed: 1).carried(sent), seconds: 2.9)
    #expect(run.statistics.malformed == 1)
    #expect(run.statistics.overflow == 0)
    #expect(Spectrum.longestSilence(run.samples(0.5, 2.8)) < 480)
    #expect(run.delay(2, 2.9).most < 150)
  }

  @Test("A sender's pause is silent, costs no delay and is no loss", arguments: [true, false])
  func pause(announced: Bool) throws {
    var sent = try AudioSource.tone(440, seconds: 6) { time in
      // Silence from 1.8 s to 4 s, of which 2 … 4 s are not sent.
      time < .milliseconds(1_800) || time >= .seconds(4) ? 1 : 0
    }
    sent.removeAll { $0.capture >= .seconds(2) && $0.capture < .seconds(4) }
    for index in sent.indices where index >= 100 { sent[index].sequence = sent[99].sequence + Int64(index - 99) }
    if announced { sent[99].payload = [sent[99].payload[0]] }
    let run = try PlayoutRun.of(AudioNetwork(seed: 2).carried(sent), seconds: 5.9)
    #expect(Spectrum.rms(run.samples(2.3, 4.0)) < -65)
    #expect(run.statistics.skips == 0)
    #expect(run.statistics.late == 0)
    // Unannounced, the first fifth of a second of any pause looks like loss.
    #expect(run.statistics.concealedSamples <= (announced ? 0 : 9_600))
    #expect(abs(run.delay(5, 5.9).mean - run.delay(1, 1.7).mean) < 25)
    #expect(abs(Spectrum.power(of: 440, in: run.samples(4.5, 4.6)) + 12.04) < 1)
    #expect(Spectrum.largestStep(run.samples(0.5, 5.8)) < 0.05)
  }

  @Test("Discontinuous transmission of a real encoder")
  func realDiscontinuousTransmission() throws {
    var encoder = try OpusEncoder(bitrate: 24_000, content: .speech, complexity: 5, discontinuous: true)
    var tone = ToneGenerator(frequency: 300)
    var block = AudioBlock()
    var sent: [AudioNetwork.Sent] = []
    var skipped = 0
    var isPausing = false
    for tick in 0..<Int64(800) {
      let time = MediaTime.milliseconds(10) * tick
      if tick / 200 % 2 == 0 { tone.fill(&block) } else { block.silence() }
      guard let packet = try encoder.encode(block, time: time) else { continue }
      let isEmpty = packet.data.count <= 2
      defer { isPausing = isEmpty }
      if isEmpty && isPausing {
        skipped += 1
        continue
      }
      sent.append(
        AudioNetwork.Sent(
          payload: packet.data, sequence: Int64(sent.count), timestamp: packet.time.count(rate: 48_000),
          complete: packet.time + packet.duration, capture: packet.time))
    }
    #expect(skipped > 50)
    let run = try PlayoutRun.of(AudioNetwork(seed: 2).carried(sent), seconds: 7.9)
    #expect(run.statistics.concealedSamples == 0)
    #expect(run.statistics.late == 0)
    #expect(Spectrum.rms(run.samples(2.8, 3.9)) < -60)
    #expect(Spectrum.power(of: 300, in: run.samples(5, 5.1)) > -18)
    #expect(run.delay(5, 5.9).most < 110)
  }

  @Test("One packet a second neither drifts nor repeats")
  func onePacketASecond() throws {
    let sent = try AudioSource.tone(440, seconds: 10).enumerated().filter { $0.offset % 50 == 0 }.map(\.element)
    let run = try PlayoutRun.of(AudioNetwork(seed: 2).carried(sent), seconds: 10)
    #expect(run.statistics.inserted == sent.count)
    #expect(run.statistics.late == 0)
    #expect(run.statistics.skips == 0)
    // After the concealment has faded out there is nothing until the next packet.
    #expect(Spectrum.longestSilence(run.samples(2, 9)) > 600 * 48)
  }

  @Test("Packets that nobody plays are bounded to two seconds")
  func neverPulled() throws {
    var playout = try AudioPlayout()
    for arrival in AudioNetwork(seed: 1).carried(try AudioSource.tone(440, seconds: 12)) { playout.insert(arrival) }
    #expect(playout.statistics.overflow == playout.statistics.inserted - 100)
    var block = AudioBlock()
    for tick in 0..<Int64(50) { playout.pull(into: &block, now: .seconds(12) + .milliseconds(10) * tick) }
    #expect(playout.delay < .milliseconds(500))
  }

  /// The codec alone takes minutes for all of them in a debug build.
  #if DEBUG
    private static let garbagePackets: Int64 = 10_000
  #else
    private static let garbagePackets: Int64 = 100_000
  #endif

  @Test("A hundred thousand packets of garbage never stop the sound")
  func garbage() throws {
    var random = SeededRandom(42)
    let valid = try AudioSource.tone(440, seconds: 2)
    var playout = try AudioPlayout()
    var block = AudioBlock()
    var sequence: Int64 = 0
    var timestamp: Int64 = 0
    for index in 0..<Self.garbagePackets {
      let arrival = MediaTime.milliseconds(5) * index
      sequence &+= random.chance(0.01) ? Int64.random(in: -70_000...70_000, using: &random) : 1
      timestamp &+= random.chance(0.01) ? Int64.random(in: .min ... .max, using: &random) : 960
      playout.insert(
        payload: Self.payload(valid, &random), sequence: sequence, timestamp: timestamp, arrival: arrival,
        captureTime: arrival)
      guard index % 2 == 0 else { continue }
      playout.pull(into: &block, now: arrival)
      #expect(block.values.count == AudioFormat.tickValues)
      guard index % 100 == 0 else { continue }
      #expect(block.values.allSatisfy { $0.isFinite && abs($0) <= 2 })
    }
    #expect(playout.statistics.malformed > 100)
    // Afterwards a good stream plays as if nothing had been.
    let start = MediaTime.milliseconds(5) * Self.garbagePackets
    var heard: [Float] = []
    for tick in 0..<Int64(190) {
      let now = start + .milliseconds(10) * tick
      if tick % 2 == 0 {
        let packet = valid[Int(tick / 2)]
        playout.insert(
          payload: packet.payload, sequence: 5_000_000 + tick / 2, timestamp: tick * 480, arrival: now,
          captureTime: now)
      }
      playout.pull(into: &block, now: now)
      for frame in 0..<480 { heard.append(block.values[2 * frame]) }
    }
    #expect(Spectrum.power(of: 440, in: heard[72_000..<76_800]) > -16)
  }

  @Test("Damaged packets among good ones make no step that the codec itself would not make", arguments: 1...4)
  func damagedPackets(seed: UInt64) throws {
    var sent = try AudioSource.tone(440, seconds: 10)
    var random = SeededRandom(seed)
    for index in sent.indices where random.chance(0.05) {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: sent[index].payload = []
      case 1: sent[index].payload = [sent[index].payload[0]]
      // Claims 48 frames of 20 ms.
      case 2: sent[index].payload = [sent[index].payload[0] | 3, 48] + sent[index].payload.dropFirst(2)
      // Padding longer than the packet.
      default:
        sent[index].payload = [sent[index].payload[0] | 3, 0xC1, 255, 255, 255] + sent[index].payload.dropFirst()
      }
    }
    let good = Set(sent.filter { $0.payload.count > 20 && $0.payload[0] & 3 != 3 }.map(\.sequence))
    let alone = try CodecAlone(sent, arrived: good)
    let run = try PlayoutRun.of(AudioNetwork(seed: seed).carried(sent), seconds: 10)
    // A packet of one byte says that the sender pauses, so that nothing is concealed after it.
    #expect(Spectrum.longestSilence(run.samples(0.5, 9.9)) < 960)
    #expect(run.samples(0.5, 10).allSatisfy { abs($0) <= 1 })
    #expect(Spectrum.largestStep(run.samples(0.2, 10)) <= 1.2 * Spectrum.largestStep(alone.samples[9_600...]))
  }

  @Test("Packets may change their length, mode and number of channels at any time")
  func changingPackets() throws {
    var sent: [AudioNetwork.Sent] = []
    for (index, milliseconds) in [20, 60, 10, 40, 10, 60, 20].enumerated() {
      // 32 kb/s of speech are coded as one channel, 64 kb/s of music as two.
      let speech = index % 2 == 1
      for var packet in try AudioSource.tone(440, seconds: 1.2, milliseconds: milliseconds, speech: speech) {
        let start = MediaTime.milliseconds(1_200) * Int64(index)
        packet.sequence = Int64(sent.count)
        packet.timestamp = (start + packet.capture).count(rate: 48_000)
        packet.complete += start
        packet.capture += start
        sent.append(packet)
      }
    }
    let run = try PlayoutRun.of(AudioNetwork(seed: 9).carried(sent), seconds: 8.3)
    let alone = try CodecAlone(sent, arrived: Set(sent.map(\.sequence)))
    #expect(run.statistics.concealedSamples <= 2_880)
    #expect(Spectrum.largestStep(run.samples(0.2, 8.3)) <= 1.2 * Spectrum.largestStep(alone.samples[9_600...]))
    #expect(Spectrum.longestSilence(run.samples(0.5, 8.3)) < 480)
  }

  /// Empty, one byte, noise, damaged, or made to look like 120 ms, 48 frames, padded, mono and stereo by turns.
  private static func payload(_ valid: [AudioNetwork.Sent], _ random: inout SeededRandom) -> [UInt8] {
    let length = Int.random(in: 0..<200, using: &random)
    var noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return []
    case 1: return [UInt8.random(in: 0...255, using: &random)]
    case 2:
      // Code 3, 48 frames of 2.5 ms, padding flag.
      return [0x83, 0x40 | 48] + noise
    case 3: return [0x1B, 0xC2, 255, 255] + noise
    case 4:
      guard !noise.isEmpty else { return noise }
      noise[0] = UInt8.random(in: 0..<32, using: &random) << 3 | (random.chance(0.5) ? 4 : 0)
      return noise
    case 5, 6:
      var damaged = valid[Int.random(in: 0..<valid.count, using: &random)].payload
      damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      return damaged
    default: return noise
    }
  }
}
