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
    /// A copy that came inside a later packet (RFC 2198).
    var isRedundant = false
  }

  var random: SeededRandom
  /// Of its own, so that the same packets get lost whatever else happens to them.
  private var lossRandom: SeededRandom
  var loss = 0.0
  /// Each packet is late by up to this, independently.
  var jitter = MediaTime.zero
  /// Packets keep their order, as in one queue.
  var keepsOrder = false
  var duplicates = 0.0
  /// The sender's clock, parts per million faster than ours.
  var drift = 0.0
  var transit = MediaTime.milliseconds(30)
  /// Lost packets are asked for when their successor arrives, three times at most; this is the round trip.
  var retransmission: MediaTime?
  /// How many of its predecessors each packet repeats.
  var redundancy = 0

  init(seed: UInt64) {
    random = SeededRandom(seed)
    lossRandom = SeededRandom(seed ^ 0x105E)
  }

  /// What arrives of `sent`, in order of arrival. `hold` names the outages: packets sent in them arrive at their ends.
  mutating func carry(_ sent: [Sent], holding outages: [Range<MediaTime>] = []) -> [Arrival] {
    var arrivals: [Arrival] = []
    var newest = MediaTime.zero
    let lost = sent.map { _ in lossRandom.chance(loss) }
    for (index, packet) in sent.enumerated() {
      if lost[index] {
        if let time = retransmissionTime(after: packet) { arrivals.append(Arrival(packet: packet, time: time)) }
        continue
      }
      for _ in 0...(random.chance(duplicates) ? 1 : 0) {
        let late = jitter == .zero ? 0 : Int64.random(in: 0...jitter.nanoseconds, using: &random)
        var time = arrivalTime(packet) + MediaTime(nanoseconds: late)
        for outage in outages where outage.contains(time) { time = outage.upperBound }
        if keepsOrder { time = max(time, newest) }
        newest = max(newest, time)
        for copied in max(0, index - redundancy)..<index {
          arrivals.append(Arrival(packet: sent[copied], time: time, isRedundant: true))
        }
        arrivals.append(Arrival(packet: packet, time: time))
      }
    }
    // Swift's sort is stable, so equal times keep the order of sending.
    return arrivals.sorted { $0.time < $1.time }
  }

  private func arrivalTime(_ packet: Sent) -> MediaTime {
    MediaTime(seconds: packet.complete.seconds / (1 + drift / 1e6)) + transit
  }

  /// Requests and answers get lost as well.
  private mutating func retransmissionTime(after packet: Sent) -> MediaTime? {
    guard let roundTrip = retransmission else { return nil }
    var time = arrivalTime(packet) + .milliseconds(20)
    for _ in 0..<3 {
      time += roundTrip
      if !random.chance(1 - (1 - loss) * (1 - loss)) { return time }
      time += .milliseconds(10)
    }
    return nil
  }
}

/// Makes packets once; many traces use them.
enum AudioSource {
  /// A tone, `milliseconds` per packet.
  static func tone(
    _ frequency: Double, seconds: Double, milliseconds: Int = 20, speech: Bool = false, fec: Bool = false,
    amplitude: Float = 0.25, shape: (MediaTime) -> Float = { _ in 1 }
  ) throws -> [AudioNetwork.Sent] {
    var generator = ToneGenerator(frequency: frequency, amplitude: amplitude)
    let settings = Settings(milliseconds: milliseconds, isSpeech: speech, recovers: fec)
    return try encode(seconds: seconds, settings) { time, block in
      generator.fill(&block)
      let gain = shape(time)
      for index in block.values.indices { block.values[index] *= gain }
    }
  }

  struct Settings {
    var milliseconds = 20
    var isSpeech = false
    var recovers = false
    var expectedLossPercent = 20
    var bitrate: Int?
    var complexity = 3
  }

  /// One channel of sound, twice.
  static func mono(_ samples: [Float], _ settings: Settings) throws -> [AudioNetwork.Sent] {
    try encode(seconds: Double(samples.count) / 48_000, settings) { time, block in
      let start = Int(time.count(rate: 48_000))
      for frame in 0..<AudioFormat.tickFrames {
        block.values[2 * frame] = samples[start + frame]
        block.values[2 * frame + 1] = samples[start + frame]
      }
    }
  }

  static func encode(
    seconds: Double, _ settings: Settings, fill: (MediaTime, inout AudioBlock) -> Void
  ) throws -> [AudioNetwork.Sent] {
    var encoder = try OpusEncoder(
      bitrate: settings.bitrate ?? (settings.isSpeech ? 32_000 : 64_000), frameMilliseconds: settings.milliseconds,
      inBandFEC: settings.recovers, expectedLossPercent: settings.recovers ? settings.expectedLossPercent : 0,
      content: settings.isSpeech ? .speech : .music, complexity: settings.complexity)
    var block = AudioBlock()
    var sent: [AudioNetwork.Sent] = []
    for tick in 0..<Int64(seconds * 100) {
      let time = MediaTime.milliseconds(10) * tick
      fill(time, &block)
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
  /// Target of the delay over the fastest packet, likewise.
  var targets: [Double] = []
  var statistics = AudioPlayoutStatistics()

  /// Feeds the arrivals and pulls every ten milliseconds.
  static func of(
    _ arrivals: [AudioNetwork.Arrival], seconds: Double, configuration: AudioPlayout.Configuration = .init(),
    keepingSamples: Bool = true, before: (inout AudioPlayout, MediaTime) -> Void = { _, _ in }
  ) throws -> PlayoutRun {
    var playout = try AudioPlayout(configuration)
    var run = PlayoutRun()
    var block = AudioBlock()
    var next = 0
    for tick in 0..<Int64(seconds * 100) {
      let now = MediaTime.milliseconds(10) * tick
      while next < arrivals.count, arrivals[next].time <= now {
        playout.insert(arrivals[next])
        next += 1
      }
      before(&playout, now)
      playout.pull(into: &block, now: now)
      if keepingSamples { for frame in 0..<480 { run.samples.append(block.values[2 * frame]) } }
      run.delays.append(playout.delay.milliseconds)
      run.targets.append(playout.statistics.targetDelay.milliseconds)
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

extension AudioNetwork {
  func carried(_ sent: [Sent], holding outages: [Range<MediaTime>] = []) -> [Arrival] {
    var copy = self
    return copy.carry(sent, holding: outages)
  }
}

extension AudioPlayout {
  mutating func insert(_ arrival: AudioNetwork.Arrival) {
    insert(
      payload: arrival.packet.payload, sequence: arrival.packet.sequence, timestamp: arrival.packet.timestamp,
      arrival: arrival.time, captureTime: arrival.packet.capture, isRedundant: arrival.isRedundant)
  }
}
