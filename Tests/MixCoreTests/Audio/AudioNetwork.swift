import MixCore

/// A sender, a bad network and a playout buffer on virtual time.
struct AudioNetwork {
  struct Sent {
    var payload: [UInt8]
    var sequence: Int64
    var timestamp: Int64
    /// When its last sample was recorded, by the sender's clock.
    var complete: MediaTime
    var capture: MediaTime
  }

  struct Arrival {
    var packet: Sent
    var time: MediaTime
  }

  var random: SeededRandom
  var loss = 0.0
  /// Each packet is late by up to this, independently.
  var jitter = MediaTime.zero
  /// Packets keep their order, as in one queue.
  var keepsOrder = false
  var duplicates = 0.0
  /// The sender's clock, parts per million faster than ours.
  var drift = 0.0
  var transit = MediaTime.milliseconds(30)

  init(seed: UInt64) { random = SeededRandom(seed) }

  /// What arrives of `sent`, in order of arrival. `hold` names the outages: packets sent in them arrive at their ends.
  mutating func carry(_ sent: [Sent], holding outages: [Range<MediaTime>] = []) -> [Arrival] {
    var arrivals: [Arrival] = []
    var newest = MediaTime.zero
    for packet in sent where !random.chance(loss) {
      for _ in 0...(random.chance(duplicates) ? 1 : 0) {
        let elapsed = MediaTime(seconds: packet.complete.seconds / (1 + drift / 1e6))
        let late = jitter == .zero ? 0 : Int64.random(in: 0...jitter.nanoseconds, using: &random)
        var time = elapsed + transit + MediaTime(nanoseconds: late)
        for outage in outages where outage.contains(time) { time = outage.upperBound }
        if keepsOrder { time = max(time, newest) }
        newest = max(newest, time)
        arrivals.append(Arrival(packet: packet, time: time))
      }
    }
    // Swift's sort is stable, so equal times keep the order of sending.
    return arrivals.sorted { $0.time < $1.time }
  }
}

/// Makes packets once; many traces use them.
enum AudioSource {
  /// A tone, `milliseconds` per packet.
  static func tone(
    _ frequency: Double, seconds: Double, milliseconds: Int = 20, speech: Bool = false, fec: Bool = false,
    amplitude: Float = 0.25, shape: (MediaTime) -> Float = { _ in 1 }
  ) throws -> [AudioNetwork.Sent] {
    var encoder = try OpusEncoder(
      bitrate: speech ? 32_000 : 64_000, frameMilliseconds: milliseconds, inBandFEC: fec,
      expectedLossPercent: fec ? 20 : 0, content: speech ? .speech : .music, complexity: 3)
    var generator = ToneGenerator(frequency: frequency, amplitude: amplitude)
    var block = AudioBlock()
    var sent: [AudioNetwork.Sent] = []
    for tick in 0..<Int64(seconds * 100) {
      let time = MediaTime.milliseconds(10) * tick
      generator.fill(&block)
      let gain = shape(time)
      for index in block.values.indices { block.values[index] *= gain }
      if let packet = try encoder.encode(block, time: time) {
        sent.append(
          AudioNetwork.Sent(
            payload: packet.data, sequence: 60_000 + Int64(sent.count),
            timestamp: 4_000_000_000 + packet.time.count(rate: 48_000), complete: packet.time + packet.duration,
            capture: packet.time))
      }
    }
    return sent
  }
}

/// What came out of a playout buffer.
struct PlayoutRun {
  /// Left channel.
  var samples: [Float] = []
  /// Delay after each tick, in milliseconds.
  var delays: [Double] = []
  var statistics = AudioPlayoutStatistics()

  /// Feeds the arrivals and pulls every ten milliseconds.
  static func of(
    _ arrivals: [AudioNetwork.Arrival], seconds: Double, configuration: AudioPlayout.Configuration = .init(),
    keepingSamples: Bool = true
  ) throws -> PlayoutRun {
    var playout = try AudioPlayout(configuration)
    var run = PlayoutRun()
    var block = AudioBlock()
    var next = 0
    for tick in 0..<Int64(seconds * 100) {
      let now = MediaTime.milliseconds(10) * tick
      while next < arrivals.count, arrivals[next].time <= now {
        let arrival = arrivals[next]
        playout.insert(
          payload: arrival.packet.payload, sequence: arrival.packet.sequence, timestamp: arrival.packet.timestamp,
          arrival: arrival.time, captureTime: arrival.packet.capture)
        next += 1
      }
      playout.pull(into: &block, now: now)
      if keepingSamples { for frame in 0..<480 { run.samples.append(block.values[2 * frame]) } }
      run.delays.append(playout.delay.milliseconds)
    }
    run.statistics = playout.statistics
    return run
  }

  func samples(_ from: Double, _ to: Double) -> ArraySlice<Float> {
    samples[Int(from * 48_000)..<min(Int(to * 48_000), samples.count)]
  }

  func delay(_ from: Double, _ to: Double) -> (least: Double, most: Double, mean: Double) {
    let part = delays[Int(from * 100)..<min(Int(to * 100), delays.count)]
    return (part.min() ?? 0, part.max() ?? 0, part.reduce(0, +) / Double(part.count))
  }
}
