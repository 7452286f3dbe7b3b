import MixCore
import Testing

@Suite("Audio playout during and after disturbances")
struct AudioDisturbanceTests {
  private static let tone = Result { try AudioSource.tone(440, seconds: 30) }
  /// Nothing repeats itself here as it does in a tone.
  private static let speech = Result {
    var voice = SyntheticSpeech()
    return try AudioSource.mono(voice.samples(seconds: 30), .init(isSpeech: true))
  }

  @Test(
    "After any outage the delay is normal again within three seconds", arguments: [150, 300, 450, 700, 1_500, 6_000],
    [true, false])
  func outage(milliseconds: Int64, isSpeech: Bool) throws {
    let sent = try isSpeech ? Self.speech.get() : Self.tone.get()
    let end = MediaTime.milliseconds(8_000 + milliseconds)
    let run = try PlayoutRun.of(AudioNetwork(seed: 5).carried(sent, holding: [.seconds(8)..<end]), seconds: 20)
    let normal = run.delay(7, 8).mean
    let back = try #require(run.timeUntilNormal(normal, from: end.seconds))
    print("outage of \(milliseconds) ms, \(isSpeech ? "speech" : "tone"): delay normal after \(back) s")
    #expect(back < 3)
    if !isSpeech { #expect(Spectrum.largestStep(run.samples(0.5, 19)) < 0.06) }
  }

  @Test("Adaptation to jitter with reordering, and back", arguments: [30, 100, 200])
  func jitter(milliseconds: Int64) throws {
    let sent = try Self.tone.get()
    var bad = AudioNetwork(seed: UInt64(milliseconds))
    bad.jitter = .milliseconds(milliseconds)
    var arrivals = AudioNetwork(seed: 1).carried(Array(sent[..<250]))
    arrivals += bad.carried(Array(sent[250..<1_000]))
    arrivals += AudioNetwork(seed: 1).carried(Array(sent[1_000...]))
    arrivals.sort { $0.time < $1.time }
    let run = try PlayoutRun.of(arrivals, seconds: 29)
    let normal = run.delay(4, 5).mean
    let added = run.delay(10, 20).most - normal
    let back = try #require(run.timeUntilNormal(normal, from: 20 + Double(milliseconds) / 1_000))
    let late = Double(run.statistics.late) / 750
    print("A3 jitter \(milliseconds) ms: added \(added.rounded()) ms, late \(late * 100) %, normal after \(back) s")
    #expect(added <= 2 * Double(milliseconds))
    #expect(late <= 0.02)
    #expect(back < 5)
    #expect(run.delay(27, 29).most <= 80)
    #expect(Spectrum.largestStep(run.samples(0.5, 29)) < 0.06)
  }

  @Test("Stalls that come again and again are waited for, and forgotten when they stop")
  func repeatedStalls() throws {
    let stalls = (0..<4).map { number in
      MediaTime.milliseconds(3_000 + 4_000 * number)..<MediaTime.milliseconds(3_180 + 4_000 * number)
    }
    let run = try PlayoutRun.of(AudioNetwork(seed: 5).carried(Self.tone.get(), holding: stalls), seconds: 29)
    let normal = run.delay(2, 3).mean
    // The fourth one finds the playout prepared.
    #expect(run.delay(14, 15).mean > normal + 140)
    #expect(Spectrum.longestSilence(run.samples(1, 29)) < 480)
    // One and a half times their distance, and a moment to get there.
    #expect(run.delay(15.2 + 6 + 2, 29).most < normal + 15)
  }

  @Test("A tick loop that stood still for five seconds is back at once", arguments: [true, false])
  func stoppedLoop(readsMeanwhile: Bool) throws {
    let sent = try Self.tone.get()
    let stop = MediaTime.seconds(8)..<MediaTime.seconds(13)
    // Where the sockets were not read either, everything arrives at the end.
    let arrivals = AudioNetwork(seed: 2).carried(sent, holding: readsMeanwhile ? [] : [stop])
    var playout = try AudioPlayout()
    var block = AudioBlock()
    var next = 0
    var delays: [Double] = []
    var samples: [Float] = []
    for tick in 0..<Int64(2_000) {
      let now = MediaTime.milliseconds(10) * tick
      guard !stop.contains(now) else { continue }
      while next < arrivals.count, arrivals[next].time <= now {
        playout.insert(arrivals[next])
        next += 1
      }
      playout.pull(into: &block, now: now)
      for frame in 0..<AudioFormat.tickFrames { samples.append(block.values[2 * frame]) }
      delays.append(playout.delay.milliseconds)
    }
    let normal = delays[700..<800].reduce(0, +) / 100
    let settled = delays.indices.dropFirst(800).last { abs(delays[$0] - normal) > 15 } ?? 800
    print("tick loop stopped, sockets \(readsMeanwhile ? "read" : "not read"): normal after \((settled - 799) * 10) ms")
    #expect(settled < 800 + 100)
    #expect(Spectrum.longestSilence(samples[(8 * 48_000)...]) < 100 * 48)
    #expect(Spectrum.largestStep(samples[24_000...]) < 0.06)
  }

  @Test("The least delay may be changed at any time; nothing clicks on the way", arguments: [60, 200, 350])
  func minimumDelay(milliseconds: Int64) throws {
    let run = try PlayoutRun.of(AudioNetwork(seed: 3).carried(Self.tone.get()), seconds: 16) { playout, now in
      if now == .seconds(5) { playout.configuration.minimumDelay = .milliseconds(milliseconds) }
      if now == .seconds(10) { playout.configuration.minimumDelay = .milliseconds(20) }
    }
    let normal = run.delay(4, 5).mean
    let raised = normal + Double(milliseconds) - 20
    #expect(abs(run.delay(8, 10).mean - raised) < 8)
    #expect(run.delay(13.5, 16).most < normal + 8)
    let up = try #require(run.timeUntil(from: 5) { $0 > raised - 12 })
    let down = try #require(run.timeUntilNormal(normal, from: 10))
    print("least delay \(milliseconds) ms: reached after \(up) s, left after \(down) s")
    #expect(up < 3)
    #expect(Spectrum.largestStep(run.samples(0.5, 15)) < 0.02)
    #expect(run.statistics.concealedSamples == 0)
  }

  @Test("The capture time of what is played is exact")
  func captureTime() throws {
    // One click a second, half a millisecond long.
    var sound = [Float](repeating: 0, count: 48_000 * 6)
    for second in 1..<6 { for index in 0..<24 { sound[second * 48_000 + index] = 0.8 } }
    let sent = try AudioSource.mono(sound, .init(bitrate: 128_000, complexity: 9))
    var playout = try AudioPlayout()
    var block = AudioBlock()
    var network = AudioNetwork(seed: 4)
    network.jitter = .milliseconds(20)
    let arrivals = network.carried(sent)
    var next = 0
    var errors: [Double] = []
    for tick in 0..<Int64(550) {
      let now = MediaTime.milliseconds(10) * tick
      while next < arrivals.count, arrivals[next].time <= now {
        playout.insert(arrivals[next])
        next += 1
      }
      playout.pull(into: &block, now: now)
      guard let played = playout.playedCaptureTime, AudioPeak.of(block) > 0.3 else { continue }
      let heard = played + MediaTime(count: Int64(AudioPeak.index(of: block)), rate: 48_000)
      // What the codec looks ahead makes decoded sound later than its packet says.
      errors.append((heard - .microseconds(6_500)).milliseconds.truncatingRemainder(dividingBy: 1_000))
    }
    #expect(errors.count >= 4)
    #expect(errors.allSatisfy { min(abs($0), abs($0 - 1_000)) < 1 }, "\(errors)")
  }

  @Test("Sound after a silence is there from its first sample", arguments: [true, false])
  func onset(discontinuous: Bool) throws {
    var sent = try AudioSource.tone(440, seconds: 12) { time in
      time.nanoseconds / 1_000_000_000 % 3 < 2 ? 0 : 1
    }
    if discontinuous {
      // Only the first packet of each silence is sent.
      sent.removeAll { $0.capture.nanoseconds / 1_000_000_000 % 3 < 2 && $0.capture.nanoseconds / 20_000_000 % 150 > 1 }
      for index in sent.indices { sent[index].sequence = Int64(index) }
    }
    var network = AudioNetwork(seed: 6)
    network.jitter = .milliseconds(20)
    let run = try PlayoutRun.of(network.carried(sent), seconds: 11.9)
    for onset in [5.0, 8, 11] {
      let heard = run.samples[Int((onset + 0.01) * 48_000)...].firstIndex { abs($0) > 0.05 } ?? run.samples.count
      let delay = run.delays[heard / 480]
      let lateness = Double(heard) / 48 - onset * 1_000 - delay
      #expect(lateness < 12, "onset \(onset) heard \(lateness) ms after it was due")
      #expect(abs(Spectrum.power(of: 440, in: run.samples[(heard + 480)..<(heard + 5_280)]) + 12.04) < 1)
    }
    #expect(run.delays[1_100..<1_190].max() ?? 0 < 130)
  }
}

/// Finding a click in a block.
private enum AudioPeak {
  static func of(_ block: borrowing AudioBlock) -> Float { block.values.reduce(0) { max($0, abs($1)) } }

  static func index(of block: borrowing AudioBlock) -> Int {
    let peak = of(block)
    return (0..<AudioFormat.tickFrames).first { abs(block.values[2 * $0]) > peak / 2 } ?? 0
  }
}

extension PlayoutRun {
  /// Seconds after `start` until the delay stays within 25 ms of `normal`.
  func timeUntilNormal(_ normal: Double, from start: Double) -> Double? {
    let first = Int(start * 100)
    guard let last = delays.indices.dropFirst(first).last(where: { abs(delays[$0] - normal) > 25 }) else { return 0 }
    return last == delays.indices.last ? nil : Double(last + 1 - first) / 100
  }

  /// Seconds after `start` until a delay fulfils `condition`.
  func timeUntil(from start: Double, _ condition: (Double) -> Bool) -> Double? {
    let first = Int(start * 100)
    return delays[first...].firstIndex(where: condition).map { Double($0 - first) / 100 }
  }
}
