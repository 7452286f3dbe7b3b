import MixCore

/// The Opus packets of one participant: a tone's, encoded one by one or taken from a loop of one second, or a recording's.
struct AudioFeed: ~Copyable {
  /// Duration of a packet.
  static let packetDuration = MediaTime.milliseconds(20)
  private static let blocksPerPacket = 2
  private static let packetsPerLoop = 50

  private var tone: ToneGenerator
  private var encoder: OpusEncoder?
  private var block = AudioBlock()
  private var loop: [EncodedPacket] = []
  private var position = 0

  /// - Parameter isReplayed: make a second of packets now and repeat them; without a click if `hertz` is whole.
  init(hertz: Double, isReplayed: Bool) throws(OpusError) {
    tone = ToneGenerator(frequency: hertz)
    encoder = try OpusEncoder(bitrate: 64_000, inBandFEC: true, expectedLossPercent: 5, complexity: 5)
    guard isReplayed else { return }
    // The first round lets the encoder settle.
    for round in 0..<2 {
      for _ in 0..<Self.packetsPerLoop {
        if let packet = try encode(at: .zero), round == 1 { loop.append(packet) }
      }
    }
    encoder = nil
  }

  init(_ recording: RecordedSound) {
    tone = ToneGenerator(frequency: 0)
    loop = recording.packets
  }

  /// The packet whose first sample is captured at `time`.
  /// - Parameter isSounding: else it is silent.
  mutating func next(at time: MediaTime, isSounding: Bool = true) throws(OpusError) -> EncodedPacket? {
    guard encoder == nil else { return try encode(at: time, isSounding: isSounding) }
    guard !loop.isEmpty else { return nil }
    var packet = loop[position]
    packet.time = time
    position = (position + 1) % loop.count
    return packet
  }

  private mutating func encode(at time: MediaTime, isSounding: Bool = true) throws(OpusError) -> EncodedPacket? {
    var packet: EncodedPacket?
    for _ in 0..<Self.blocksPerPacket {
      if isSounding { tone.fill(&block) } else { block = AudioBlock() }
      packet = try encoder?.encode(block, time: time)
    }
    // The encoder counts on from its first time; ours may skip after the machine was held up.
    packet?.time = time
    return packet
  }
}
