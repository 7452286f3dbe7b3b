import Glibc
import MixCore
import Outputs

/// Packets and formats without real media in them.
enum TestMedia {
  static func video(_ index: Int, isKeyFrame: Bool = false, bytes: Int = 100) -> EncodedPacket {
    EncodedPacket(
      track: .video(.h264), data: [UInt8](repeating: UInt8(index & 0xFF), count: bytes),
      time: MediaTime(count: Int64(index), rate: 30), duration: MediaTime(count: 1, rate: 30), isKeyFrame: isKeyFrame)
  }

  static func audio(_ index: Int) -> EncodedPacket {
    EncodedPacket(
      track: .audio(.aac), data: [UInt8](repeating: 1, count: 40),
      time: MediaTime(count: Int64(index) * 1024, rate: 48_000),
      duration: MediaTime(count: 1024, rate: 48_000), isKeyFrame: true)
  }

  static func temporaryPath(_ name: String) -> String { "/tmp/mixd-outputs-\(getpid())-\(name)" }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}

/// A second of real media: grey pictures and silence.
struct EncodedSecond {
  let format: ProgramFormat
  let packets: [EncodedPacket]

  init() throws {
    var encoder = try H264Encoder(VideoEncoderSettings(width: 128, height: 72, frameRate: 30, bitrate: 200_000))
    var aac = try AACEncoder()
    format = ProgramFormat(video: encoder.format, audio: aac.format)
    let pool = FramePool()
    var packets: [EncodedPacket] = []
    for index in 0..<100 {
      let time = MediaTime.milliseconds(Int64(index) * 10)
      if index * 3 % 10 < 3, let frame = pool.acquire(PixelSize(width: 128, height: 72)) {
        let packet = try encoder.encode(frame, time: time, forceKeyFrame: false, ledgerID: UInt64(index + 1))
        if let packet { packets.append(packet) }
      }
      if let packet = try aac.encode(AudioBlock(), time: time) { packets.append(packet) }
    }
    self.packets = packets
  }
}
