import MixCore
import Testing

@Suite("H.264")
struct H264CodecTests {
  let pool = FramePool()
  let size = PixelSize(width: 320, height: 180)

  func settings(bitrate: Int = 1_000_000, preset: String = H264Encoder.live) -> VideoEncoderSettings {
    VideoEncoderSettings(width: size.width, height: size.height, frameRate: 30, bitrate: bitrate, preset: preset)
  }

  func encode(_ count: Int, forced: Set<Int> = [], settings: VideoEncoderSettings) throws -> [EncodedPacket] {
    var encoder = try H264Encoder(settings)
    var packets: [EncodedPacket] = []
    for index in 0..<count {
      let frame = try #require(TestPicture.ramp(index, size: size, from: pool))
      let packet = try encoder.encode(
        frame, time: MediaTime(count: Int64(index), rate: 30), forceKeyFrame: forced.contains(index),
        ledgerID: UInt64(index) + 7)
      packets.append(try #require(packet))
    }
    return packets
  }

  @Test("gives one access unit per picture and the decoder gives the picture back")
  func roundTrip() throws {
    var encoder = try H264Encoder(settings())
    var decoder = try H264Decoder(extradata: encoder.format.extradata)
    for index in 0..<20 {
      let frame = try #require(TestPicture.ramp(index, size: size, from: pool))
      let packet = try #require(
        try encoder.encode(
          frame, time: MediaTime(count: Int64(index), rate: 30), forceKeyFrame: false, ledgerID: UInt64(index)))
      #expect(packet.time == MediaTime(count: Int64(index), rate: 30))
      #expect(packet.ledgerID == UInt64(index))
      let decoded = try #require(try decoder.decode(packet.data, into: pool))
      #expect(TestPicture.luminancePSNR(frame, decoded) > 30)
    }
  }

  @Test("makes a key frame first, every interval and when asked", arguments: ["live", "superfast"])
  func keyFrames(preset: String) throws {
    let packets = try encode(70, forced: [5], settings: settings(preset: preset))
    let keyFrames = packets.indices.filter { packets[$0].isKeyFrame }
    #expect(keyFrames == [0, 5, 65])
  }

  @Test("puts a length before every NAL unit and no parameter sets among them")
  func layout() throws {
    for packet in try encode(3, settings: settings()) {
      var position = 0
      var types: [UInt8] = []
      while position + 4 < packet.data.count {
        let length = packet.data[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        types.append(packet.data[position + 4] & 0x1F)
        position += 4 + length
      }
      #expect(position == packet.data.count)
      #expect(!types.contains(7) && !types.contains(8))
      #expect(types.last == (packet.isKeyFrame ? 5 : 1))
    }
  }

  @Test("describes the stream by a valid configuration record of high profile")
  func configurationRecord() throws {
    let record = try H264Encoder(settings()).format.extradata
    #expect(record[0] == 1)
    #expect(record[1] == 100)
    #expect(record[4] & 3 == 3)
    #expect(record[5] & 31 == 1)
    let sequenceLength = Int(record[6]) << 8 | Int(record[7])
    #expect(record[8] & 0x1F == 7)
    let picture = 8 + sequenceLength
    #expect(record[picture] == 1)
    let pictureLength = Int(record[picture + 1]) << 8 | Int(record[picture + 2])
    #expect(record[picture + 3] & 0x1F == 8)
    #expect(record.count == picture + 3 + pictureLength + 4)
  }

  @Test("is bit-identical from run to run")
  func determinism() throws {
    let first = try encode(40, settings: settings())
    let second = try encode(40, settings: settings())
    #expect(first.map(\.data) == second.map(\.data))
  }

  @Test("follows a change of the bit rate", arguments: ["live", "superfast"])
  func bitrateChange(preset: String) throws {
    var encoder = try H264Encoder(settings(bitrate: 2_000_000, preset: preset))
    var generator = SeededGenerator(state: 1)
    var bytes = [0, 0]
    for index in 0..<120 {
      if index == 60 { encoder.setBitrate(200_000) }
      let frame = try #require(pool.acquire(size))
      for row in 0..<size.height {
        for column in 0..<size.width {
          unsafe frame.y.base[row * frame.y.stride + column] = UInt8.random(in: 64...192, using: &generator)
        }
      }
      let packet = try encoder.encode(
        frame, time: MediaTime(count: Int64(index), rate: 30), forceKeyFrame: false, ledgerID: 0)
      // The buffer of the old rate may be used up in the first second after the change.
      if index < 60 { bytes[0] += packet?.data.count ?? 0 }
      if index >= 90 { bytes[1] += packet?.data.count ?? 0 }
    }
    #expect(bytes[1] * 4 < bytes[0])
  }

  @Test("refuses what it cannot encode")
  func refusals() throws {
    var odd = settings()
    odd.width = 321
    #expect(throws: CodecError.settingsRefused) { _ = try H264Encoder(odd).format }
    var unknown = settings()
    unknown.preset = "warp"
    #expect(throws: CodecError.settingsRefused) { _ = try H264Encoder(unknown).format }
    let other = try #require(pool.acquire(PixelSize(width: 64, height: 64)))
    #expect(throws: CodecError.inputMismatch) {
      var encoder = try H264Encoder(settings())
      _ = try encoder.encode(other, time: .zero, forceKeyFrame: false, ledgerID: 0)
    }
  }

  @Test("the decoder waits for a key frame at the start and after damage")
  func waitsForKeyFrame() throws {
    let packets = try encode(8, forced: [6], settings: settings())
    let extradata = try H264Encoder(settings()).format.extradata
    var decoder = try H264Decoder(extradata: extradata)
    var outcomes: [CodecError?] = []
    var stream = packets.map(\.data)
    stream[3] = [0, 0, 1, 0, 65]
    for data in [packets[1].data] + stream {
      do throws(CodecError) {
        _ = try decoder.decode(data, into: pool)
        outcomes.append(nil)
      } catch { outcomes.append(error) }
    }
    #expect(outcomes == [.keyFrameNeeded, nil, nil, nil, .dataCorrupt, .keyFrameNeeded, .keyFrameNeeded, nil, nil])
  }

  @Test("from a recovery point on the decoder gives pictures once they are right, and none before")
  func recovery() throws {
    let packets = try encode(30, settings: settings())
    let extradata = try H264Encoder(settings()).format.extradata
    var decoder = try H264Decoder(extradata: extradata)
    for packet in packets[..<10] {
      let picture = try decoder.decode(packet.data, into: pool)
      #expect(picture != nil)
    }
    decoder.recover()
    // A message of two bytes: right five frames from here.
    let point: [UInt8] = [0, 0, 0, 6, 0x06, 6, 2, 0x30, 0x40, 0x80]
    for index in 12..<30 {
      let picture = try decoder.decode((index == 12 ? point : []) + packets[index].data, into: pool)
      #expect((picture != nil) == (index >= 17), "\(index)")
    }
  }

  @Test("the decoder finds parameter sets in the stream when it was given none")
  func parameterSetsInBand() throws {
    let record = try H264Encoder(settings()).format.extradata
    let sequenceLength = Int(record[6]) << 8 | Int(record[7])
    let sequence = [UInt8](record[8..<8 + sequenceLength])
    let pictureStart = 8 + sequenceLength + 3
    let pictureLength = Int(record[pictureStart - 2]) << 8 | Int(record[pictureStart - 1])
    let picture = [UInt8](record[pictureStart..<pictureStart + pictureLength])
    var decoder = try H264Decoder(extradata: [])
    let packet = try encode(1, settings: settings())[0]
    let data =
      [0, 0, 0, UInt8(sequence.count)] + sequence + [0, 0, 0, UInt8(picture.count)] + picture + packet.data
    let decoded = try #require(try decoder.decode(data, into: pool))
    #expect(decoded.size == size)
  }

  @Test("damaged access units never bring the decoder down")
  func bitFlips() throws {
    let extradata = try H264Encoder(settings()).format.extradata
    let packets = try encode(10, settings: settings(bitrate: 300_000))
    var generator = SeededGenerator(state: 3)
    var decoder = try H264Decoder(extradata: extradata)
    var errors = 0
    for round in 0..<300 {
      var data = packets[round % packets.count].data
      for _ in 0..<4 { data[Int.random(in: 4..<data.count, using: &generator)] ^= UInt8(1 << (round % 8)) }
      do { _ = try decoder.decode(data, into: pool) } catch { errors += 1 }
    }
    #expect(errors > 0)
  }
}
