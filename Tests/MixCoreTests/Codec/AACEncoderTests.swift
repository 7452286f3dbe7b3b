import MixCore
import Testing

@Suite("AAC")
struct AACEncoderTests {
  @Test("turns 10 ms blocks into continuous access units that start one priming before the first block")
  func continuousTimes() throws {
    var encoder = try AACEncoder()
    let start = MediaTime.seconds(5)
    var packets: [EncodedPacket] = []
    for index in 0..<100 {
      // The time of later blocks is of no account.
      let time = index == 0 ? start : MediaTime.zero
      if let packet = try encoder.encode(AudioBlock(), time: time) { packets.append(packet) }
    }
    packets += encoder.flush()
    #expect(encoder.format.primingSamples == 1024)
    #expect(packets.first?.time == start - MediaTime(count: 1024, rate: 48_000))
    for (packet, next) in zip(packets, packets.dropFirst()) {
      #expect(abs((packet.time + packet.duration - next.time).nanoseconds) <= 1)
      #expect(packet.isKeyFrame && packet.track == .audio(.aac))
    }
    let end = try #require(packets.last).time + packets[0].duration
    #expect(end >= start + .seconds(1) && end < start + .milliseconds(1043))
  }

  @Test("describes itself as AAC-LC, 48 kHz, stereo")
  func specificConfig() throws {
    let extradata = try AACEncoder().format.extradata
    // Object type 2 (5 bits), rate index 3 (4 bits), channels 2 (4 bits): ISO/IEC 14496-3 §1.6.2.1.
    #expect(extradata.prefix(2) == [0x11, 0x90])
  }

  @Test("refuses rates that are no AAC rates")
  func refusals() {
    #expect(throws: CodecError.settingsRefused) { _ = try AACEncoder(bitrate: 1).format }
  }
}
