/// One participant's sound from packets to an even stream of ten-millisecond blocks.
///
/// Packets stay encoded until their time has come. The delay follows the network: packets are played when nearly all
/// of them are there. Lost ones are restored from their successor or concealed, late ones make the playout wait rather
/// than lose them, and what is too much or too little delay afterwards, or the drift of two clocks, is worked off by
/// reading half a percent faster or slower, and by one cross-faded skip or some repeated periods where that is too slow.
public struct AudioPlayout: ~Copyable, Sendable {
  public struct Configuration: Sendable {
    /// How much later than the fastest packet allows sound is played at least. May be changed at any time; playout
    /// goes there at the pace at which it works off any other difference.
    public var minimumDelay = MediaTime.milliseconds(20)
    /// What the network may make of it at most.
    public var maximumDelay = MediaTime.milliseconds(400)
    /// Until enough packets came to know the network.
    public var initialDelay = MediaTime.milliseconds(30)

    public init() {}
  }

  /// What the end of the sample queue is.
  enum State {
    /// Nothing to play: before the first packet, in a sender's pause, after a long outage.
    case silent
    case playing
  }

  /// Never larger than any datagram that can come here.
  private static let largestPayload = 8_192

  public var configuration: Configuration
  var counters = AudioPlayoutStatistics()

  var timeline = StreamTimeline()
  var arrivals = ArrivalWindow()
  var detour = DetourWatch()
  var packets = PackedAudioQueue()
  var decoder: OpusDecoder
  var decoded: [Float]
  var tail: [Float]
  var samples = SampleQueue()
  var resampler = FractionalResampler()
  var pace = PlayoutPace()
  var concealment = Concealment()
  var recovery = RecoveryWatch()
  var stalls = StallMemory()
  var seen = SeenSequences()

  var state = State.silent
  /// Position of the sample that will follow the queued ones.
  var position: Int64 = 0
  var lastSequence: Int64?
  /// A position and when it was captured, from the packet decoded last.
  var anchor: (position: Int64, captureTime: MediaTime)?
  /// Loudest value lately, to tell what is quiet.
  var loudness: Float = 0

  public private(set) var playedCaptureTime: MediaTime?
  /// From the capture of a sound to its playout, as of the last block.
  public private(set) var delay = MediaTime.zero

  public init(_ configuration: Configuration = .init()) throws(OpusError) {
    self.configuration = configuration
    decoder = try OpusDecoder()
    decoded = [Float](repeating: 0, count: OpusPacketInfo.maximumSamples * AudioFormat.channels)
    tail = decoded
  }

  public var statistics: AudioPlayoutStatistics {
    var result = counters
    result.overflow = packets.overflown
    result.resyncs = timeline.jumps
    result.targetDelay = targetDelay
    return result
  }

  /// Takes a packet as it came from the network.
  /// - Parameters:
  ///   - sequence: RTP sequence number without wrap-around.
  ///   - timestamp: RTP timestamp in 1/48000 s without wrap-around.
  ///   - isRedundant: a copy that came inside a later packet (RFC 2198), with its own sequence number and timestamp.
  public mutating func insert(
    payload: [UInt8], sequence: Int64, timestamp: Int64, arrival: MediaTime, captureTime: MediaTime,
    isRedundant: Bool = false
  ) {
    guard payload.count <= Self.largestPayload, let info = OpusPacketInfo(payload) else {
      counters.malformed += 1
      return
    }
    guard
      let start = timeline.position(
        sequence: sequence, timestamp: timestamp, samples: info.samples, arrival: arrival)
    else {
      counters.malformed += 1
      return
    }
    guard seen.insert(sequence) else {
      if !isRedundant { takeOriginal(payload, sequence: sequence, position: start) }
      return
    }
    observe(position: start, samples: info.samples, arrival: arrival, isRedundant: isRedundant)
    enqueue(
      PackedAudio(
        payload: payload, sequence: sequence, position: start, samples: info.samples, captureTime: captureTime,
        isRedundant: isRedundant))
  }

  /// A packet of which a copy or the like has come before.
  private mutating func takeOriginal(_ payload: [UInt8], sequence: Int64, position: Int64) {
    if !packets.replaceCopy(payload, sequence: sequence, position: position) { counters.duplicate += 1 }
  }

  private mutating func enqueue(_ packet: PackedAudio) {
    if packet.end <= position, lastSequence != nil {
      if !packet.isRedundant { counters.late += 1 }
    } else if packets.insert(packet) == .duplicate {
      counters.duplicate += 1
    } else {
      counters.inserted += 1
    }
  }

  /// A packet behind its successors by more than that has not been overtaken but sent again, or is of no use any more.
  private var likelyReordering: MediaTime {
    min(arrivals.spread * 3 / 2 + .milliseconds(20), configuration.maximumDelay)
  }

  /// Learns from a packet how late packets are. Copies say nothing about that, only about themselves.
  private mutating func observe(position: Int64, samples: Int, arrival: MediaTime, isRedundant: Bool) {
    recovery.note(missing: timeline.missing, samples: samples)
    let lateness = arrivals.lateness(position: position, arrival: arrival)
    if isRedundant || timeline.isFilling { recovery.note(fillLate: lateness, arrival: arrival) }
    guard !isRedundant, !timeline.isFilling || lateness <= likelyReordering else { return }
    stalls.note(lateness: lateness, usual: arrivals.spread, arrival: arrival)
    arrivals.record(position: position, arrival: arrival)
    if !timeline.isFilling { followShift(lateness: lateness, arrival: arrival) }
  }

  /// Forgets the packets before a shift that no delay covers: a way that became longer, timestamps that stood still, or
  /// ones that went ahead of time without a packet missing.
  private mutating func followShift(lateness: MediaTime, arrival: MediaTime) {
    let limit = longestDelay
    if timeline.isConsecutive, lateness < -limit {
      arrivals.keep(newest: 1)
    } else if let packets = detour.note(lateness: lateness, limit: limit, arrival: arrival) {
      arrivals.keep(newest: packets)
    }
  }

  /// Writes the next ten milliseconds; to be called every ten milliseconds.
  public mutating func pull(into block: inout AudioBlock, now: MediaTime) {
    if block.values.count != AudioFormat.tickValues { block = AudioBlock() }
    correctDelay(at: now)
    let needed = resampler.framesNeeded(for: pace.speed)
    while samples.count < needed { refill(at: now) }
    let played = playPosition(at: now)
    let consumed = resampler.read(&samples, speed: pace.speed, into: &block.values)
    if state == .playing {
      counters.squeezedSamples += max(0, consumed - AudioFormat.tickFrames)
      counters.stretchedSamples += max(0, AudioFormat.tickFrames - consumed)
    }
    report(block, played: played, now: now)
  }

  /// How much later than the fastest packet allows sound is to be played.
  var targetDelay: MediaTime {
    // The tick's ten milliseconds must be there when it begins; five more for the errors of the control.
    var delay = arrivals.spread + .milliseconds(15)
    if arrivals.count < 25 { delay = max(delay, configuration.initialDelay) }
    delay = max(delay, recovery.floor(at: arrivals.newest))
    delay = max(delay, stalls.floor(at: arrivals.newest, limit: configuration.maximumDelay))
    return max(configuration.minimumDelay, min(delay, configuration.maximumDelay))
  }

  /// What comes later than this is not played.
  var longestDelay: MediaTime { max(configuration.maximumDelay, targetDelay) }

  /// The position that should be played at `now`.
  func idealPosition(at now: MediaTime) -> Int64 {
    (now - arrivals.base - targetDelay).count(rate: 48_000)
  }

  /// The position that will be played next. What was played while waiting counts as the missing until they come.
  func playPosition(at now: MediaTime) -> Int64 {
    state == .silent ? idealPosition(at: now) : position &+ Int64(concealment.held) &- Int64(samples.count)
  }

  private mutating func report(_ block: borrowing AudioBlock, played: Int64, now: MediaTime) {
    let strength = AudioKernels.strength(block.values)
    let level = AudioLevel(strength)
    counters.peakLevel = level.peak
    counters.rmsLevel = level.rms
    loudness = max(strength.peak, loudness * 0.998)
    guard let anchor else { return }
    let captured = anchor.captureTime + MediaTime(count: played &- anchor.position, rate: 48_000)
    playedCaptureTime = captured
    delay = now - captured
  }
}
