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
      Self.flipBits(of: &packet.data, &random)
    }
    let report = try scenario.run()
    #expect(frames > 10_000)
    #expect(report.concealed(report.settled) == 0)
    #expect(report.longestSilence(report.settled) == 0)
    #expect(report.keyFrameRequests.count > 10)
    #expect(report.keyFrameRequestsPerSecond <= 1)
    FigureTable.add(
      "B6", "bits flipped in \(damaged) of \(frames) pictures", goal: "no crash, sound untouched, key frames asked for",
      "\(report.pictures.failures) refused by the decoder, \(report.keyFrameRequests.count) key frames asked for, at "
        + "most \(report.keyFrameRequestsPerSecond) a second")
  }

  @Test("B7: random Opus packets of every kind make nothing above full scale and no gap in the clock")
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

  @Test(
    "B6: a hundred thousand damaged pictures stop no decoder, which shows whole ones again after the next key frame",
    arguments: [(VideoCodec.vp8, 100_000), (.h264, 20_000)])
  func manyPictures(codec: VideoCodec, count: Int) throws {
    let (packets, extradata) = try Self.pictures(codec)
    var random = RandomNumbers(seed: 920)
    var decoder = try VideoDecoder(codec: codec, extradata: extradata)
    let pool = FramePool()
    var refused = 0
    for index in 0..<count {
      var data = packets[index % packets.count].data
      Self.flipBits(of: &data, &random)
      do { _ = try decoder.decode(data, into: pool) } catch { refused += 1 }
    }
    #expect(refused > count / 100 && refused < count)
    var fresh: Int?
    for packet in packets.prefix(3) {
      fresh = try decoder.decode(packet.data, into: pool).flatMap { CameraPicture.number(of: $0) }
    }
    #expect(fresh == 2)
    FigureTable.add(
      "B6", "\(count) damaged pictures of \(codec), decoded one after the other", goal: "no crash, then whole ones",
      "\(refused) refused by the decoder")
  }

  private static func pictures(_ codec: VideoCodec) throws -> ([EncodedPacket], extradata: [UInt8]) {
    let size = PixelSize(width: 160, height: 90)
    var encoder = try VideoEncoder(
      codec: codec,
      settings: VideoEncoderSettings(
        width: size.width, height: size.height, frameRate: 15, bitrate: 350_000, bufferMilliseconds: 500,
        preset: "ultrafast", keyFrameIntervalSeconds: 60))
    let picture = CameraPicture()
    var packets: [EncodedPacket] = []
    for number in 0..<100 {
      guard let frame = picture.draw(number, size: size),
        let packet = try encoder.encode(
          frame, time: MediaTime(count: Int64(number), rate: 15), forceKeyFrame: number % 20 == 0, ledgerID: 0)
      else { continue }
      packets.append(packet)
    }
    return (packets, encoder.format.extradata)
  }

  private static func flipBits(of data: inout [UInt8], _ random: inout RandomNumbers) {
    for _ in 0..<Int.random(in: 1...8, using: &random) where !data.isEmpty {
      let bit = Int.random(in: 0..<(data.count * 8), using: &random)
      data[bit / 8] ^= 1 << UInt8(bit % 8)
    }
  }

  @Test("B7: after a hundred thousand random packets among sound the playout is in time and in tune")
  func manySounds() throws {
    var playout = try AudioPlayout()
    let packets = try VoicePackets.of(VoiceSettings())
    var random = RandomNumbers(seed: 930)
    var mixer = AudioMixer()
    var (block, mixed) = (AudioBlock(), AudioBlock())
    var (damaged, peak) = (0, Float(0))
    for index in 0..<300_000 {
      let now = MediaTime.milliseconds(20) * Int64(index)
      var payload = packets[index % packets.count]
      if Int.random(in: 0..<3, using: &random) == 0, index < 299_000 {
        payload = Self.nonsense(&random)
        damaged += 1
      }
      playout.insert(
        payload: payload, sequence: Int64(index), timestamp: Int64(index) * 960, arrival: now, captureTime: now)
      for tick in 0..<2 as Range<Int64> {
        playout.pull(into: &block, now: now + .milliseconds(10) * tick)
        mixer.begin()
        mixer.add(block, slot: 0, gain: 1)
        mixer.finish(into: &mixed)
        for value in mixed.values { peak = max(peak, value.isFinite ? abs(value) : .infinity) }
      }
    }
    let statistics = playout.statistics
    #expect(damaged > 99_000)
    #expect(peak <= 1)
    #expect(statistics.malformed > 10_000)
    #expect(playout.delay < .milliseconds(100))
    FigureTable.add(
      "B7", "\(damaged) random Opus packets among 300 000", goal: "no crash, then in time",
      "peak \(Double(peak).text(2)), \(statistics.malformed) refused, playout delay "
        + "\(playout.delay.milliseconds.text()) ms")
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
