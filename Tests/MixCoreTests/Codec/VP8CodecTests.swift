import MixCore
import Testing

@Suite("VP8")
struct VP8CodecTests {
  let pool = FramePool()
  let size = PixelSize(width: 320, height: 180)

  var settings: VideoEncoderSettings {
    VideoEncoderSettings(width: size.width, height: size.height, frameRate: 30, bitrate: 1_000_000)
  }

  func encode(_ count: Int, forced: Set<Int> = []) throws -> [EncodedPacket] {
    var encoder = try VP8Encoder(settings)
    var packets: [EncodedPacket] = []
    for index in 0..<count {
      let frame = try #require(TestPicture.ramp(index, size: size, from: pool))
      let packet = try encoder.encode(
        frame, time: MediaTime(count: Int64(index), rate: 30), forceKeyFrame: forced.contains(index), ledgerID: 0)
      packets.append(try #require(packet))
    }
    return packets
  }

  @Test("gives one frame per picture and the decoder gives the picture back")
  func roundTrip() throws {
    var encoder = try VP8Encoder(settings)
    var decoder = try VP8Decoder()
    for index in 0..<20 {
      let frame = try #require(TestPicture.ramp(index, size: size, from: pool))
      let time = MediaTime(count: Int64(index), rate: 30)
      let packet = try #require(
        try encoder.encode(frame, time: time, forceKeyFrame: false, ledgerID: UInt64(index)))
      #expect(packet.time == time && packet.ledgerID == UInt64(index))
      let decoded = try #require(try decoder.decode(packet.data, into: pool))
      #expect(TestPicture.luminancePSNR(frame, decoded) > 30)
    }
  }

  @Test("keeps pictures whose sides are no multiple of a macroblock")
  func unalignedSize() throws {
    let size = PixelSize(width: 150, height: 86)
    var encoder = try VP8Encoder(
      VideoEncoderSettings(width: size.width, height: size.height, frameRate: 30, bitrate: 500_000))
    var decoder = try VP8Decoder()
    let frame = try #require(TestPicture.ramp(0, size: size, from: pool))
    let packet = try #require(try encoder.encode(frame, time: .zero, forceKeyFrame: false, ledgerID: 0))
    let decoded = try #require(try decoder.decode(packet.data, into: pool))
    #expect(TestPicture.luminancePSNR(frame, decoded) > 28)
  }

  @Test("makes a key frame first, every interval and when asked, and nowhere else")
  func keyFrames() throws {
    let packets = try encode(70, forced: [5])
    #expect(packets.indices.filter { packets[$0].isKeyFrame } == [0, 5, 65])
  }

  @Test("the decoder refuses a delta frame before the first key frame and after damage")
  func waitsForKeyFrame() throws {
    let packets = try encode(6, forced: [4]).map(\.data)
    var decoder = try VP8Decoder()
    var outcomes: [CodecError?] = []
    for data in [packets[1], packets[0], [1, 2], packets[1], packets[4], packets[5]] {
      do throws(CodecError) {
        _ = try decoder.decode(data, into: pool)
        outcomes.append(nil)
      } catch { outcomes.append(error) }
    }
    #expect(outcomes == [.keyFrameNeeded, nil, .dataCorrupt, .keyFrameNeeded, nil, nil])
  }

  @Test("the decoder refuses a key frame that claims more pixels than allowed")
  func oversized() throws {
    var data = try encode(1)[0].data
    // 16 000 × 16 000 in the two 14-bit fields.
    data.replaceSubrange(6..<10, with: [0x80, 0x3E, 0x80, 0x3E])
    var decoder = try VP8Decoder()
    var outcome: CodecError?
    do throws(CodecError) { _ = try decoder.decode(data, into: pool) } catch { outcome = error }
    #expect(outcome == .pictureUnsupported)
  }

  @Test("a thousand damaged frames never bring the decoder down")
  func bitFlips() throws {
    let packets = try encode(10)
    var generator = SeededGenerator(state: 2)
    var decoder = try VP8Decoder()
    var errors = 0
    for round in 0..<1000 {
      var data = packets[round % packets.count].data
      for _ in 0..<(1 + round % 8) {
        data[Int.random(in: data.indices, using: &generator)] ^= UInt8(1 << (round % 8))
      }
      if round % 5 == 0 { data.removeLast(data.count / 3) }
      do { _ = try decoder.decode(data, into: pool) } catch { errors += 1 }
    }
    #expect(errors > 0)
    let clean = try #require(try decoder.decode(packets[0].data, into: pool))
    #expect(clean.size == size)
  }
}
