import MixCore

@testable import Transport

/// A made-up camera and microphone: VP8-like frames at 30 per second, Opus-like packets every 20 ms, each with content
/// that tells its number and proves that it is whole.
struct MediaScript {
  private var video = VP8Packetizer()
  private var audio = OpusPacketizer()
  private(set) var frames: [[UInt8]] = []
  private(set) var packets: [[UInt8]] = []
  private var wantsKeyFrame = true

  static let frameInterval = MediaTime(count: 1, rate: 30)
  static let packetInterval = MediaTime.milliseconds(20)

  mutating func requestKeyFrame() { wantsKeyFrame = true }

  var nextFrameTime: MediaTime { MediaTime(count: Int64(frames.count), rate: 30) }
  var nextPacketTime: MediaTime { Self.packetInterval * Int64(packets.count) }

  mutating func nextFrame() -> PacketizedFrame {
    let number = frames.count
    let isKeyFrame = wantsKeyFrame
    wantsKeyFrame = false
    let size = isKeyFrame ? 9000 : 1500 + number * 37 % 2500
    // RFC 6386 §9.1: bit 0 of a frame is 0 for a key frame, which has a start code and its size (640 × 360) behind the tag.
    var data: [UInt8] = isKeyFrame ? [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1] : [0x11, 0, 0]
    while data.count < size { data.append(UInt8(truncatingIfNeeded: data.count &* 31 &+ number &* 7)) }
    let time = nextFrameTime
    frames.append(data)
    return video.packetize(
      EncodedPacket(
        track: .video(.vp8), data: data, time: time, duration: Self.frameInterval, isKeyFrame: isKeyFrame))
  }

  mutating func nextPacket() -> PacketizedFrame {
    let number = packets.count
    let data = (0..<(60 + number % 40)).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ number) }
    let time = nextPacketTime
    packets.append(data)
    return audio.packetize(
      EncodedPacket(
        track: .audio(.opus), data: data, time: time, duration: Self.packetInterval, isKeyFrame: true))
  }
}

extension SessionPair {
  static let bothWays = [
    MediaIntent(kind: .audio, direction: .send), MediaIntent(kind: .video, direction: .send),
    MediaIntent(kind: .audio, direction: .receive), MediaIntent(kind: .video, direction: .receive),
  ]
  static let bothWaysBack = [
    MediaIntent(kind: .audio, direction: .receive), MediaIntent(kind: .video, direction: .receive),
    MediaIntent(kind: .audio, direction: .send), MediaIntent(kind: .video, direction: .send),
  ]

  /// Lets time pass while the sides send what their scripts say; `media` are the indices of their audio and video.
  mutating func play(
    for duration: MediaTime, client: inout MediaScript, server: inout MediaScript,
    clientMedia: (audio: Int, video: Int) = (0, 1), serverMedia: (audio: Int, video: Int)? = (2, 3)
  ) {
    let start = now
    let offset = start - min(client.nextPacketTime, client.nextFrameTime)
    while now < start + duration {
      let due = now - offset
      if client.nextPacketTime <= due {
        self.client.send(client.nextPacket(), media: clientMedia.audio, now: now)
        if let serverMedia { self.server.send(server.nextPacket(), media: serverMedia.audio, now: now) }
      }
      if client.nextFrameTime <= due {
        if takeKeyFrameRequest(fromClient: true) { client.requestKeyFrame() }
        self.client.send(client.nextFrame(), media: clientMedia.video, now: now)
        if takeKeyFrameRequest(fromClient: false) { server.requestKeyFrame() }
        if let serverMedia { self.server.send(server.nextFrame(), media: serverMedia.video, now: now) }
      }
      run(until: offset + min(client.nextPacketTime, client.nextFrameTime))
    }
  }
}

extension [RTCEvent] {
  var videoFrames: [ReceivedVideoFrame] {
    compactMap { if case .videoFrame(_, let frame) = $0 { frame } else { nil } }
  }

  var audioPackets: [ReceivedAudioPacket] {
    compactMap { if case .audioPacket(_, let packet) = $0 { packet } else { nil } }
  }

  var keyFrameRequests: Int {
    count { if case .keyFrameRequested = $0 { true } else { false } }
  }
}
