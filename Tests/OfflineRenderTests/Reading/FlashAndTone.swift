import Glibc
import MixCore
import Outputs

/// A real file: black pictures and silence, until at one instant the picture turns white and a tone begins.
struct FlashAndTone {
  var path: String
  var size = PixelSize(width: 128, height: 72)
  var frameRate = 30
  var frames = 60
  /// The first white picture; the tone begins with it.
  var flashFrame = 20
  /// Written as the server records.
  var isRecording = false

  static func temporaryPath(_ name: String) -> String { "/tmp/mixd-reading-\(getpid())-\(name)" }

  var flashTime: MediaTime { MediaTime(count: Int64(flashFrame), rate: Int64(frameRate)) }
  var length: MediaTime { MediaTime(count: Int64(frames), rate: Int64(frameRate)) }

  func write() throws {
    let destination = isRecording ? OutputDestination(recordingAt: path) : try OutputDestination(path)
    var video = try VideoEncoder(
      codec: destination.container.videoCodec,
      settings: VideoEncoderSettings(width: size.width, height: size.height, frameRate: frameRate, bitrate: 500_000))
    var sound = try SoundEncoder(codec: destination.container.audioCodec)
    let muxer = try Muxer(
      destination, format: ProgramFormat(video: video.format, audio: sound.format), interrupt: InterruptFlag(),
      interleave: true)
    let pool = FramePool()
    for frame in 0..<frames {
      let time = MediaTime(count: Int64(frame), rate: Int64(frameRate))
      let picture = pool.acquire(size)!
      unsafe picture.y.fill(frame < flashFrame ? 16 : 235)
      unsafe picture.u.fill(128)
      unsafe picture.v.fill(128)
      if let packet = try video.encode(picture, time: time, forceKeyFrame: false, ledgerID: 0) {
        try muxer.write(packet)
      }
      let next = MediaTime(count: Int64(frame + 1), rate: Int64(frameRate))
      while sound.time < next { for packet in try sound.encode(toneFrom: flashTime) { try muxer.write(packet) } }
    }
    for packet in sound.flush() { try muxer.write(packet) }
    try muxer.finish()
  }
}

/// Either audio encoder, fed with silence and then 1 kHz at half of full scale.
struct SoundEncoder: ~Copyable {
  private var aac: AACEncoder?
  private var opus: OpusEncoder?
  private var blocks: Int64 = 0
  let format: AudioTrackFormat

  init(codec: AudioCodec) throws {
    switch codec {
    case .aac:
      let encoder = try AACEncoder()
      format = encoder.format
      aac = consume encoder
    case .opus:
      let encoder = try OpusEncoder()
      format = encoder.format
      opus = consume encoder
    }
  }

  var time: MediaTime { .milliseconds(10 * blocks) }

  mutating func encode(toneFrom start: MediaTime) throws -> [EncodedPacket] {
    var block = AudioBlock()
    let first = time.count(rate: 48_000)
    let onset = start.count(rate: 48_000)
    for index in 0..<AudioFormat.tickFrames where first + Int64(index) >= onset {
      let value = Float(0.5 * sin(2 * Double.pi * 1000 * Double(first + Int64(index) - onset) / 48_000))
      block.values[2 * index] = value
      block.values[2 * index + 1] = value
    }
    let now = time
    blocks += 1
    let packet =
      if format.codec == .aac { try aac?.encode(block, time: now) } else { try opus?.encode(block, time: now) }
    return packet.map { [$0] } ?? []
  }

  mutating func flush() -> [EncodedPacket] { aac?.flush() ?? [] }
}

extension Plane {
  func fill(_ value: UInt8) {
    for row in unsafe 0..<height { unsafe (base + row * stride).update(repeating: value, count: width) }
  }
}
