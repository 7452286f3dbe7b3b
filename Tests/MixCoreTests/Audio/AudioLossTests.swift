import MixCore
import Testing

@Suite("Audio playout of lossy networks, beside libopus alone")
struct AudioLossTests {
  private static let seconds = 20.0
  private static let speech = Result {
    var voice = SyntheticSpeech()
    return try AudioSource.mono(voice.samples(seconds: seconds), .init(isSpeech: true, recovers: true))
  }
  private static let tone = Result { try AudioSource.tone(1_000, seconds: seconds) }

  /// Share of the sound concealed at each loss, with in-band FEC and retransmission at a round trip of 60 ms.
  private static let bars = [0.02: 0.005, 0.05: 0.02, 0.1: 0.05, 0.2: 0.12, 0.3: 0.2]

  private func network(_ loss: Double) -> AudioNetwork {
    var network = AudioNetwork(seed: UInt64(loss * 1_000))
    network.loss = loss
    return network
  }

  @Test("Lost packets that are sent again are waited for", arguments: [0.02, 0.05, 0.1, 0.2, 0.3], [true, false])
  func retransmission(loss: Double, isSpeech: Bool) throws {
    let sent = try isSpeech ? Self.speech.get() : Self.tone.get()
    var network = network(loss)
    let alone = try CodecAlone(sent, arrived: Set(network.carried(sent).map(\.packet.sequence)))
    network.retransmission = .milliseconds(60)
    let run = try PlayoutRun.of(network.carried(sent), seconds: Self.seconds)
    let share = Double(run.statistics.concealedSamples) / Double(run.samples.count)
    let shareAlone = Double(alone.concealed) / Double(alone.samples.count)
    let silence = isSpeech ? 0 : Spectrum.longestSilence(run.samples(0.2, Self.seconds)) / 48
    print(
      "A1 \(isSpeech ? "speech" : "1 kHz") loss \(loss): concealed \(Self.percent(share)),",
      "libopus alone \(Self.percent(shareAlone)), longest silence \(silence) ms,",
      "delay \(run.delay(10, 20).mean.rounded()) ms, late \(run.statistics.late)")
    #expect(share <= Self.bars[loss] ?? 0)
    #expect(silence <= (loss > 0.1 ? 120 : 60))
  }

  @Test(
    "Without any help but the codec's own, as little is concealed as by the codec alone", arguments: [0.05, 0.1, 0.2])
  func codecAlone(loss: Double) throws {
    let sent = try Self.speech.get()
    let arrivals = network(loss).carried(sent)
    let alone = try CodecAlone(sent, arrived: Set(arrivals.map(\.packet.sequence)))
    let run = try PlayoutRun.of(arrivals, seconds: Self.seconds)
    #expect(run.statistics.fecSamples > 0)
    // The first losses come before anything is known of the successors' copies.
    #expect(run.statistics.concealedSamples <= alone.concealed + 4 * 960)
    #expect(Spectrum.largestStep(run.samples(0.2, 20)) <= 1.1 * Spectrum.largestStep(alone.samples[9_600...]))
  }

  @Test("Redundant packets take the place of lost ones", arguments: [0.1, 0.2])
  func redundancy(loss: Double) throws {
    let sent = try Self.tone.get()
    var network = network(loss)
    let lost = sent.count - network.carried(sent).count
    network.redundancy = 1
    let run = try PlayoutRun.of(network.carried(sent), seconds: Self.seconds)
    #expect(Double(run.statistics.redundancyUsed) > Double(lost) * (1 - loss) * 0.9)
    #expect(Double(run.statistics.concealedSamples) < Double(run.samples.count) * (loss * loss + 0.01))
    #expect(run.statistics.duplicate == 0)
    #expect(run.statistics.late == 0)
    // One packet more than without loss, for the next one to bring the copy.
    #expect(run.delay(10, 20).most < 120)
  }

  @Test("Redundant copies of what is there change nothing")
  func freeCopies() throws {
    let sent = try Array(Self.tone.get()[..<250])
    var network = AudioNetwork(seed: 8)
    network.jitter = .milliseconds(15)
    network.keepsOrder = true
    let plain = try PlayoutRun.of(network.carried(sent), seconds: 4.5)
    network.redundancy = 3
    let copied = try PlayoutRun.of(network.carried(sent), seconds: 4.5)
    #expect(copied.samples == plain.samples)
    #expect(copied.statistics == plain.statistics)
  }

  @Test("A packet that comes after its copy takes the copy's place")
  func originalAfterCopy() throws {
    let sent = try Array(Self.tone.get()[..<150])
    var arrivals = AudioNetwork(seed: 8).carried(sent)
    let copy = AudioNetwork.Arrival(packet: arrivals[60].packet, time: arrivals[60].time, isRedundant: true)
    arrivals.insert(copy, at: 60)
    let run = try PlayoutRun.of(arrivals, seconds: 2.9)
    #expect(run.statistics.redundancyUsed == 0)
    #expect(run.statistics.duplicate == 0)
    #expect(run.statistics.concealedSamples == 0)
  }

  private static func percent(_ share: Double) -> String { "\((share * 10_000).rounded() / 100) %" }
}
