import MediaControl
import MixCore
import Synchronization
import Testing

@testable import MediaWorker
@testable import Transport

@Suite struct SourceDecoderTests {
  /// A decoder on a pool of its own, and what it says to room and network loop.
  private final class Bench: Sendable {
    let room = Mailbox<RoomMessage>()
    let requests = Atomic<Int>(0)
    private let pictures = Mutex(0)

    func decoder() -> SourceDecoder {
      SourceDecoder(
        user: UserID(rawValue: "u"), isHost: true, pool: WorkPool(threads: 1), room: room,
        requestKeyFrame: { [weak self] in _ = self?.requests.add(1, ordering: .relaxed) })
    }

    /// How many pictures have come, once there are as many as expected; the limit of 10 s only bounds a failing test.
    func pictures(atLeast expected: Int) async throws -> Int {
      var spare: [RoomMessage] = []
      for _ in 0..<1_000 {
        room.exchange(&spare)
        let count = pictures.withLock { count in
          count += spare.count
          return count
        }
        if count >= expected { return count }
        try await Task.sleep(for: .milliseconds(10))
      }
      return pictures.withLock { $0 }
    }
  }

  /// 60 frames of which the first and the 41st need no other.
  private func stream(_ codec: VideoCodec) throws -> [ReceivedVideoFrame] {
    let settings = VideoEncoderSettings(
      width: 160, height: 96, frameRate: 30, bitrate: 200_000, keyFrameIntervalSeconds: 60)
    let pool = FramePool()
    var packets: [EncodedPacket] = []
    var parameterSets: [UInt8] = []
    func add(_ encode: (VideoFrame, Int) throws -> EncodedPacket?) throws {
      for number in 0..<60 {
        let picture = try #require(pool.acquire(PixelSize(width: 160, height: 96)))
        packets.append(try #require(try encode(picture, number)))
      }
    }
    switch codec {
    case .vp8:
      var encoder = try VP8Encoder(settings)
      try add { try encoder.encode($0, time: time($1), forceKeyFrame: $1 == 40, ledgerID: 0) }
    case .h264:
      var encoder = try H264Encoder(settings)
      parameterSets = Self.parameterSets(encoder.format.extradata)
      try add { try encoder.encode($0, time: time($1), forceKeyFrame: $1 == 40, ledgerID: 0) }
    }
    return packets.map { packet in
      ReceivedVideoFrame(
        codec: codec, data: (packet.isKeyFrame ? parameterSets : []) + packet.data, rtpTimestamp: 0,
        isKeyFrame: packet.isKeyFrame, firstPacket: packet.time, lastPacket: packet.time, assembled: packet.time,
        captureTime: packet.time)
    }
  }

  private func time(_ number: Int) -> MediaTime { MediaTime(count: Int64(number), rate: 30) }

  /// The NAL units of an `avcC` record, each behind a length of four bytes.
  private static func parameterSets(_ record: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var place = 5
    for mask in [UInt8(0x1f), 0xff] {
      let count = Int(record[place] & mask)
      place += 1
      for _ in 0..<count {
        let length = Int(record[place]) << 8 | Int(record[place + 1])
        result += [0, 0] + record[place..<(place + 2 + length)]
        place += 2 + length
      }
    }
    return result
  }

  @Test(
    "What nobody wants is not decoded after the first picture, and decoding goes on only with a key frame",
    arguments: VideoCodec.allCases)
  func gate(codec: VideoCodec) async throws {
    let frames = try stream(codec)
    #expect(frames.indices.filter { frames[$0].isKeyFrame } == [0, 40])
    let bench = Bench()
    let decoder = bench.decoder()
    decoder.submit(frames[0])
    #expect(try await bench.pictures(atLeast: 1) == 1)
    #expect(!decoder.isNeeded)
    for frame in frames[1..<20] { decoder.submit(frame) }
    #expect(bench.requests.load(ordering: .relaxed) == 0)
    decoder.setWanted(true)
    #expect(bench.requests.load(ordering: .relaxed) == 1)
    for frame in frames[20..<40] { decoder.submit(frame) }
    var expected = 1
    for frame in frames[40...] {
      decoder.submit(frame)
      expected += 1
      #expect(try await bench.pictures(atLeast: expected) == expected)
    }
  }

  @Test("Behind a loss a recovery point begins anew, and pictures come once they are right")
  func recovery() async throws {
    var frames = try stream(.h264)
    // Right five frames from there.
    frames[20].data = [0, 0, 0, 6, 0x06, 6, 2, 0x30, 0x40, 0x80] + frames[20].data
    (frames[20].recoveryFrames, frames[20].followsLoss) = (5, true)
    let bench = Bench()
    let decoder = bench.decoder()
    decoder.setWanted(true)
    var expected = 0
    for index in Array(0..<10) + Array(20..<40) {
      decoder.submit(frames[index])
      if index < 10 || index >= 25 { expected += 1 }
      #expect(try await bench.pictures(atLeast: expected) == expected)
    }
    #expect(bench.requests.load(ordering: .relaxed) == 1)
  }

  @Test("A session that comes back proves its video anew")
  func restart() async throws {
    let frames = try stream(.vp8)
    let bench = Bench()
    let decoder = bench.decoder()
    decoder.submit(frames[0])
    #expect(try await bench.pictures(atLeast: 1) == 1)
    decoder.restart()
    #expect(decoder.isNeeded)
    decoder.submit(frames[1])
    decoder.submit(frames[40])
    #expect(try await bench.pictures(atLeast: 2) == 2)
    #expect(!decoder.isNeeded)
  }
}
