import MixCore
import Testing

@Suite("Audio playout")
struct AudioPlayoutTests {
  private static let frequency = 440.0
  private static let tone = Result { try AudioSource.tone(frequency, seconds: 12) }

  /// Every tenth of a second holds the tone at its level, within the half percent that the speed may vary.
  private func expectTone(_ run: PlayoutRun, _ from: Double, _ to: Double, share: Double = 1) {
    var good = 0
    var windows = 0
    var start = from
    while start + 0.1 <= to {
      let part = run.samples(start, start + 0.1)
      windows += 1
      if abs(Spectrum.power(of: Self.frequency, in: part) + 12.04) < 2 { good += 1 }
      start += 0.1
    }
    #expect(Double(good) >= share * Double(windows), "the tone stands in \(good) of \(windows) windows")
  }

  @Test("A clean stream comes out whole, at its pitch, with little delay")
  func clean() throws {
    let run = try PlayoutRun.of(AudioNetwork(seed: 1).carried(Self.tone.get()), seconds: 11.5)
    #expect(run.samples.count == 1_150 * 480)
    expectTone(run, 0.5, 11)
    #expect(run.statistics.concealedSamples == 0)
    #expect(run.statistics.skips == 0)
    #expect(run.statistics.repeats == 0)
    #expect(Spectrum.largestStep(run.samples(0.2, 11)) < 0.017)
    // 20 ms packet + 30 ms transit + 20 ms buffer, and what the control leaves.
    #expect(run.delay(8, 11).most < 80)
  }

  @Test("Lost packets leave no hole", arguments: [0.05, 0.1, 0.2], [10, 20, 40, 60])
  func loss(share: Double, milliseconds: Int) throws {
    let sent =
      milliseconds == 20 ? try Self.tone.get() : try AudioSource.tone(440, seconds: 6, milliseconds: milliseconds)
    var network = AudioNetwork(seed: UInt64(milliseconds))
    network.loss = share
    let seconds = milliseconds == 20 ? 11.0 : 5.5
    let run = try PlayoutRun.of(network.carry(sent), seconds: seconds)
    let limit = share > 0.1 ? 120 : 60
    #expect(Spectrum.longestSilence(run.samples(0.5, seconds)) <= limit * 48)
    #expect(Double(run.statistics.concealedSamples) < seconds * 48_000 * share * 1.7)
    #expect(Spectrum.largestStep(run.samples(0.5, seconds)) < 0.06)
    #expect(run.statistics.skips == 0)
  }

  @Test("Jitter is waited for, not lost", arguments: [30, 100, 200], [false, true])
  func jitter(milliseconds: Int64, inOrder: Bool) throws {
    var network = AudioNetwork(seed: UInt64(milliseconds))
    network.jitter = .milliseconds(milliseconds)
    network.keepsOrder = inOrder
    let arrivals = network.carry(try Self.tone.get())
    let run = try PlayoutRun.of(arrivals, seconds: 11.5)
    expectTone(run, 2, 11, share: 0.97)
    // With those of the first seconds, before the jitter is known, and without.
    #expect(run.statistics.late <= run.statistics.inserted / 40)
    let start = try PlayoutRun.of(arrivals, seconds: 2).statistics
    #expect(run.statistics.late - start.late <= (run.statistics.inserted - start.inserted) / 50)
    #expect(run.delay(3, 11).most < 75 + Double(milliseconds) * 1.3)
    #expect(Spectrum.largestStep(run.samples(0.5, 11)) < 0.06)
  }

  @Test("Duplicates are dropped and counted")
  func duplicates() throws {
    var network = AudioNetwork(seed: 9)
    network.duplicates = 0.3
    network.jitter = .milliseconds(30)
    let run = try PlayoutRun.of(network.carry(Self.tone.get()), seconds: 11.5)
    expectTone(run, 1, 11, share: 0.97)
    #expect(run.statistics.duplicate + run.statistics.late > 100)
  }

  @Test("After an outage the delay is back within five seconds", arguments: [150, 500, 1_000, 3_000])
  func outage(milliseconds: Int64) throws {
    let end = MediaTime.milliseconds(2_000 + milliseconds)
    let run = try PlayoutRun.of(
      AudioNetwork(seed: 5).carried(Self.tone.get(), holding: [.seconds(2)..<end]), seconds: 11.5)
    let normal = run.delay(1, 2).mean
    #expect(run.delay(end.seconds + 5, 11.5).most < normal + 25)
    #expect(run.delay(end.seconds + 0.1, 11.5).most < normal + 450)
    #expect(Spectrum.longestSilence(run.samples(end.seconds + 0.1, 11)) < 20 * 48)
    #expect(Spectrum.largestStep(run.samples(0.5, 11)) < 0.06)
    expectTone(run, end.seconds + 5, 11)
  }

  @Test("In-band recovery replaces concealment")
  func recovery() throws {
    // Syllables: the encoder repeats only what it takes for speech.
    let sent = try AudioSource.tone(300, seconds: 6, speech: true, fec: true) { time in
      time.nanoseconds / 120_000_000 % 2 == 0 ? 1 : 0.05
    }
    var network = AudioNetwork(seed: 3)
    network.loss = 0.1
    let arrivals = network.carry(sent)
    let there = Set(arrivals.map(\.packet.sequence))
    let restorable = zip(sent, sent.dropFirst()).filter { lost, next in
      !there.contains(lost.sequence) && there.contains(next.sequence) && OpusPacketInfo.carriesRecovery(next.payload)
    }
    let run = try PlayoutRun.of(arrivals, seconds: 5.9)
    #expect(restorable.count > 10)
    #expect(run.statistics.fecSamples >= (restorable.count - 2) * 960)
    #expect(run.statistics.concealedSamples + run.statistics.fecSamples <= (sent.count - there.count + 2) * 960)
    #expect(Spectrum.longestSilence(run.samples(0.5, 5)) < 20 * 48)
  }

  @Test("A sender's clock that drifts is followed without a cut", arguments: [-200.0, 200, -1_500, 1_500])
  func drift(partsPerMillion: Double) throws {
    var network = AudioNetwork(seed: 4)
    network.drift = partsPerMillion
    network.jitter = .milliseconds(8)
    let run = try PlayoutRun.of(network.carry(Self.tone.get()), seconds: 11.5)
    #expect(run.statistics.skips == 0)
    #expect(run.statistics.repeats == 0)
    #expect(run.statistics.concealedSamples == 0)
    #expect(Spectrum.largestStep(run.samples(0.2, 11)) < 0.017)
    expectTone(run, 0.5, 11)
  }

  @Test("Half an hour of drift keeps the delay within twenty milliseconds", arguments: [-200.0, 200])
  func longDrift(partsPerMillion: Double) throws {
    let sent = try Self.tone.get()
    // One minute in debug builds: the codec alone needs longer for thirty.
    #if DEBUG
      let seconds = 60
    #else
      let seconds = 1_800
    #endif
    var playout = try AudioPlayout()
    var block = AudioBlock()
    var random = SeededRandom(7)
    var next: Int64 = 0
    var (least, most) = (Double.infinity, -Double.infinity)
    for tick in 0..<Int64(seconds * 100) {
      let now = MediaTime.milliseconds(10) * tick
      while true {
        let complete = Double(next + 1) * 0.02 / (1 + partsPerMillion / 1e6)
        let arrival = MediaTime(seconds: complete + 0.03 + Double.random(in: 0..<0.005, using: &random))
        guard arrival <= now else { break }
        let packet = sent[Int(next) % 500]
        playout.insert(
          payload: packet.payload, sequence: next, timestamp: next * 960, arrival: arrival,
          captureTime: MediaTime(seconds: complete - 0.02))
        next += 1
      }
      playout.pull(into: &block, now: now)
      guard tick > 1_000 else { continue }
      least = min(least, playout.delay.milliseconds)
      most = max(most, playout.delay.milliseconds)
    }
    #expect(most - least < 20)
    #expect(playout.statistics.concealedSamples == 0)
    #expect(playout.statistics.skips == 0)
  }

  @Test("Pulls that come late and in bursts do not disturb the sound")
  func lateTicks() throws {
    let arrivals = AudioNetwork(seed: 6).carried(try Self.tone.get())
    var playout = try AudioPlayout()
    var block = AudioBlock()
    var samples: [Float] = []
    var next = 0
    for burst in 0..<Int64(200) {
      // Five blocks at once every fifty milliseconds, all with the time of the burst.
      let now = MediaTime.milliseconds(50) * burst
      while next < arrivals.count, arrivals[next].time <= now {
        playout.insert(arrivals[next])
        next += 1
      }
      for _ in 0..<5 {
        playout.pull(into: &block, now: now)
        for frame in 0..<480 { samples.append(block.values[2 * frame]) }
      }
    }
    // One at most, when the first guess of the delay is corrected.
    #expect(playout.statistics.skips <= 1)
    #expect(Spectrum.longestSilence(samples[96_000...]) < 480)
  }
}
