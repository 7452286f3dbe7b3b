import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Rows B6 and B7: damage from an authentic client")
struct DamageTests {
  @Test("B6: flipped bits in ten thousand pictures hurt nobody's sound, and every loss is followed by a key frame")
  func pictures() throws {
    var scenario = Scenario()
    scenario.seed = 900
    scenario.duration = .seconds(172)
    scenario.voice?.repeatsPackets = false
    scenario.camera?.frameRate = 60
    scenario.camera?.bitrate = 300_000
    var frames = 0
    var damaged = 0
    scenario.camera?.edit = { packet, random in
      frames += 1
      guard Int.random(in: 0..<3, using: &random) == 0 else { return }
      damaged += 1
      for _ in 0..<Int.random(in: 1...8, using: &random) where !packet.data.isEmpty {
        let bit = Int.random(in: 0..<(packet.data.count * 8), using: &random)
        packet.data[bit / 8] ^= 1 << UInt8(bit % 8)
      }
    }
    let report = try scenario.run()
    #expect(frames > 10_000)
    #expect(report.concealed(report.settled) == 0)
    #expect(report.longestSilence(report.settled) == 0)
    #expect(report.keyFrameRequests.count > 10)
    #expect(report.keyFrameRequestsPerSecond <= 4)
    FigureTable.add(
      "B6", "bits flipped in \(damaged) of \(frames) pictures", goal: "no crash, sound untouched, key frames asked for",
      "\(report.pictures.failures) refused by the decoder, \(report.keyFrameRequests.count) key frames asked for, at "
        + "most \(report.keyFrameRequestsPerSecond) a second")
  }

  @Test("B7: random Opus packets of every kind make no step and no gap in the clock")
  func sound() throws {
    var scenario = Scenario()
    scenario.seed = 910
    scenario.duration = .seconds(120)
    scenario.camera = nil
    var random = RandomNumbers(seed: 911)
    var damaged = 0
    scenario.sendSound = { run, frame in
      var frame = frame
      if Int.random(in: 0..<3, using: &random) == 0 {
        damaged += 1
        frame.bytes = Self.nonsense(&random)
        frame.packets = [0..<frame.bytes.count]
      }
      run.link.client.send(frame, media: ScenarioRun.audio, now: run.link.clientNow)
    }
    let report = try scenario.run()
    // One block each ten milliseconds, whatever came.
    #expect(abs(report.sound.ticks - 12_000) <= 1)
    #expect(report.sound.peak <= 1)
    #expect(report.playoutDelays(20...119).percentile(99) <= 450)
    FigureTable.add(
      "B7", "\(damaged) random Opus packets among 6 000", goal: "no crash, nothing above full scale, 48 000/s",
      "peak \(Double(report.sound.peak).text(2)), \(report.sound.ticks) blocks in 120 s, "
        + "\(report.sound.latest?.statistics.malformed ?? 0) refused, playout delay at most "
        + "\(report.playoutDelays(20...119).percentile(100).text()) ms")
  }

  /// Nothing, one byte, code-3 packets of up to 48 frames with padding, anything up to 400 bytes.
  private static func nonsense(_ random: inout RandomNumbers) -> [UInt8] {
    var bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes = Array(bytes.prefix(1))
    case 1 where bytes.count > 1:
      bytes[0] |= 3
      bytes[1] = UInt8.random(in: 0...255, using: &random)
    default: break
    }
    return bytes
  }
}
