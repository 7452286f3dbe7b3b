import MixCore
import Testing

@Suite("Opus")
struct OpusCodecTests {
  @Test("Packets come at even times, whatever the caller's clock says", arguments: [10, 20, 40, 60])
  func packets(milliseconds: Int) throws {
    var encoder = try OpusEncoder(frameMilliseconds: milliseconds)
    var tone = ToneGenerator(frequency: 440)
    var block = AudioBlock()
    var packets: [EncodedPacket] = []
    for tick in 0..<Int64(24) {
      tone.fill(&block)
      // The clock wavers by a millisecond.
      let time = MediaTime.milliseconds(5_000 + 10 * tick + (tick == 0 ? 0 : tick % 2))
      if let packet = try encoder.encode(block, time: time) { packets.append(packet) }
    }
    #expect(packets.count == 240 / milliseconds)
    for (index, packet) in packets.enumerated() {
      #expect(packet.time == .milliseconds(5_000 + Int64(index * milliseconds)))
      #expect(packet.duration == .milliseconds(Int64(milliseconds)))
      #expect(OpusPacketInfo(packet.data)?.samples == 48 * milliseconds)
      #expect(packet.track == .audio(.opus))
    }
  }

  @Test("The track header is an OpusHead with the encoder's pre-skip")
  func header() throws {
    let format = try OpusEncoder().format
    #expect(format.extradata.prefix(10) == Array("OpusHead".utf8)[...] + [1, 2])
    #expect(format.extradata.count == 19)
    #expect(Int(format.extradata[10]) + Int(format.extradata[11]) * 256 == format.primingSamples)
    #expect(format.primingSamples == 312)
    #expect(Array(format.extradata[12..<16]) == [0x80, 0xBB, 0, 0])
    #expect(format.channels == 2)
  }

  @Test("What goes in comes out, later by the pre-skip")
  func roundTrip() throws {
    var encoder = try OpusEncoder(bitrate: 128_000)
    var decoder = try OpusDecoder()
    var tone = ToneGenerator(frequency: 1_000)
    var block = AudioBlock()
    var decoded: [Float] = []
    var output: [Float] = []
    for tick in 0..<Int64(100) {
      tone.fill(&block)
      guard let packet = try encoder.encode(block, time: .milliseconds(10) * tick) else { continue }
      let frames = try decoder.decode(packet.data, into: &decoded)
      #expect(frames == 960)
      for frame in 0..<frames { output.append(decoded[2 * frame]) }
    }
    #expect(abs(Spectrum.power(of: 1_000, in: output[24_000..<28_800]) + 12.04) < 0.3)
    // 312 samples are 6.5 periods of 1 kHz: the delayed sine is inverted.
    var reference = ToneGenerator(frequency: 1_000)
    reference.fill(&block)
    let error = (0..<480).map { output[24_000 + $0] + block.values[2 * $0] }
    #expect(Spectrum.rms(error[...]) < -35)
  }

  @Test("Settings outside the codec's range are refused")
  func settings() {
    #expect(throws: OpusError.unsupportedFrameDuration(milliseconds: 15)) { _ = try OpusEncoder(frameMilliseconds: 15) }
    #expect(throws: OpusError.badSetting) { _ = try OpusEncoder(bitrate: 100) }
    #expect(throws: OpusError.badSetting) { _ = try OpusEncoder(expectedLossPercent: 101) }
  }

  @Test("The first byte tells mode, channels and duration (RFC 6716 table 2)")
  func tableOfContents() throws {
    // (byte, second byte, samples per frame, frames, channels, mode)
    let cases: [(UInt8, UInt8, Int, Int, Int, OpusPacketInfo.Mode)] = [
      (0 << 3, 0, 480, 1, 1, .silk), (3 << 3 | 4, 0, 2_880, 1, 2, .silk), (11 << 3 | 1, 0, 2_880, 2, 1, .silk),
      (12 << 3, 0, 480, 1, 1, .hybrid), (15 << 3 | 2, 0, 960, 2, 1, .hybrid), (16 << 3 | 4, 0, 120, 1, 2, .celt),
      (31 << 3, 0, 960, 1, 1, .celt), (16 << 3 | 3, 48, 120, 48, 1, .celt),
    ]
    for (first, second, samples, frames, channels, mode) in cases {
      let info = try #require(OpusPacketInfo([first, second]))
      #expect(info.frameSamples == samples)
      #expect(info.frameCount == frames)
      #expect(info.channels == channels)
      #expect(info.mode == mode)
    }
    #expect(OpusPacketInfo([]) == nil)
    #expect(OpusPacketInfo([31 << 3 | 3]) == nil)
    #expect(OpusPacketInfo([31 << 3 | 3, 0]) == nil)
    #expect(OpusPacketInfo([31 << 3 | 3, 7]) == nil)
  }

  @Test("Garbage is an error, never a trap, and the decoder goes on")
  func garbage() throws {
    var random = SeededRandom(11)
    var decoder = try OpusDecoder()
    var values: [Float] = []
    for _ in 0..<10_000 {
      let bytes = (0..<Int.random(in: 0..<64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = OpusPacketInfo.carriesRecovery(bytes)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: _ = try? decoder.decodeFEC(bytes, frames: 120 * Int.random(in: -1...50, using: &random), into: &values)
      case 1: _ = try? decoder.conceal(frames: Int.random(in: -5...7_000, using: &random), into: &values)
      // Long decodes of noise take most of the time: one in three is enough.
      case 2, 3, 4: _ = try? decoder.decode(bytes, into: &values)
      default: _ = OpusPacketInfo(bytes)
      }
    }
    #expect(throws: OpusError.corruptPacket) { try decoder.decode([], into: &values) }
    #expect(throws: OpusError.badLength) { try decoder.conceal(frames: 100, into: &values) }
    let sent = try AudioSource.tone(440, seconds: 1)
    for packet in sent { #expect(try decoder.decode(packet.payload, into: &values) == 960) }
    #expect(values.prefix(1_920).contains { abs($0) > 0.2 })
  }

  @Test("Recovery data is found exactly in the packets whose encoder wrote it")
  func recovery() throws {
    let speech = { (time: MediaTime) -> Float in time.nanoseconds / 120_000_000 % 2 == 0 ? 1 : 0.05 }
    let with = try AudioSource.tone(300, seconds: 3, speech: true, fec: true, shape: speech)
    let without = try AudioSource.tone(300, seconds: 3, speech: true, fec: false, shape: speech)
    #expect(with.filter { OpusPacketInfo.carriesRecovery($0.payload) }.count > 50)
    #expect(without.allSatisfy { !OpusPacketInfo.carriesRecovery($0.payload) })
    #expect(try AudioSource.tone(300, seconds: 1).allSatisfy { !OpusPacketInfo.carriesRecovery($0.payload) })
  }
}
