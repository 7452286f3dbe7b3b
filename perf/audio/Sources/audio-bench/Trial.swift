import MixCore

/// One sound over one network, through the playout buffer and through the codec alone.
struct Trial {
  var loss = 0.0
  var seed: UInt64 = 1
  /// Milliseconds; 0 is none.
  var retransmission: Int64 = 0
  var jitter: Int64 = 0
  var redundancy = 0
  var recovery = true
  var bitrate = 32_000
  var milliseconds = 20

  struct Figures: Encodable {
    var seconds = 0.0
    var lost = 0.0
    /// Shares of the sound.
    var concealed = 0.0
    var concealedByLibopus = 0.0
    var restored = 0.0
    var redundancyUsed = 0
    var late = 0
    var meanDelay = 0.0
    var longestSilence = 0.0
  }

  struct Result {
    var mixd: [Float]
    var libopus: [Float]
    var clean: [Float]
    var figures: Figures
  }

  mutating func set(_ argument: String) {
    let parts = argument.split(separator: "=")
    guard parts.count == 2, let value = Double(parts[1]) else { return }
    switch parts[0] {
    case "loss": loss = value
    case "seed": seed = UInt64(value)
    case "retransmission": retransmission = Int64(value)
    case "jitter": jitter = Int64(value)
    case "redundancy": redundancy = Int(value)
    case "recovery": recovery = value != 0
    case "bitrate": bitrate = Int(value)
    case "milliseconds": milliseconds = Int(value)
    default: break
    }
  }

  func run(_ input: [Float]) throws -> Result {
    let sent = try encode(input)
    var network = AudioNetwork(seed: seed)
    network.loss = loss
    network.jitter = .milliseconds(jitter)
    let bare = network.carried(sent)
    if retransmission > 0 { network.retransmission = .milliseconds(retransmission) }
    network.redundancy = redundancy
    let seconds = Double(input.count) / 48_000
    let run = try PlayoutRun.of(network.carried(sent), seconds: seconds)
    let there = Set(bare.map(\.packet.sequence))
    let alone = try CodecAlone(sent, arrived: there)
    let clean = try CodecAlone(sent, arrived: Set(sent.map(\.sequence)))
    var figures = Figures()
    figures.seconds = seconds
    figures.lost = 1 - Double(there.count) / Double(sent.count)
    figures.concealed = Double(run.statistics.concealedSamples) / Double(input.count)
    figures.concealedByLibopus = Double(alone.concealed) / Double(input.count)
    figures.restored = Double(run.statistics.fecSamples) / Double(input.count)
    figures.redundancyUsed = run.statistics.redundancyUsed
    figures.late = run.statistics.late
    figures.meanDelay = run.delays.dropFirst(100).reduce(0, +) / Double(max(1, run.delays.count - 100))
    figures.longestSilence = Double(Spectrum.longestSilence(run.samples[...])) / 48
    return Result(mixd: run.samples, libopus: alone.samples, clean: clean.samples, figures: figures)
  }

  private func encode(_ input: [Float]) throws -> [AudioNetwork.Sent] {
    let whole = input.count / AudioFormat.tickFrames * AudioFormat.tickFrames
    return try AudioSource.mono(
      Array(input[..<whole]),
      .init(
        milliseconds: milliseconds, isSpeech: true, recovers: recovery,
        expectedLossPercent: Int(max(loss * 100, 5)), bitrate: bitrate, complexity: 9))
  }
}
