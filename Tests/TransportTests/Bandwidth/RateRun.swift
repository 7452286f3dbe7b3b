import MixCore
import NetworkSimulation

@testable import Transport

/// An encoder that makes nothing but the right number of bytes: 30 pictures a second of the bit rate it is told, a key
/// frame several times as large every two seconds or when asked for, and 64 kb/s of sound.
struct FakeEncoder {
  enum Rate {
    case fixed(Int)
    /// What the session says is there, up to a maximum.
    case available(maximum: Int)
  }

  static let pictures: Int64 = 30
  private static let keyFramePeriod = 60
  private static let soundBytes = 160

  var rate: Rate
  /// In usual pictures.
  private let keyFrameSize: Int
  var wantsKeyFrame = true
  private var video = VP8Packetizer()
  private var audio = OpusPacketizer()
  private var sincekeyFrame = 0

  init(_ rate: Rate, keyFrameSize: Int) {
    self.rate = rate
    self.keyFrameSize = keyFrameSize
  }

  /// Of the video, when the session has so much in all; sound and headers take their part of it.
  private func bitrate(available: Int?) -> Int {
    switch rate {
    case .fixed(let bitrate): bitrate
    case .available(let maximum): min(maximum, max(30_000, (available ?? 600_000) * 9 / 10 - 100_000))
    }
  }

  mutating func picture(number: Int, available: Int?, time: MediaTime) -> PacketizedFrame {
    let isKeyFrame = wantsKeyFrame || sincekeyFrame >= Self.keyFramePeriod
    sincekeyFrame = isKeyFrame ? 1 : sincekeyFrame + 1
    wantsKeyFrame = false
    let average = bitrate(available: available) / 8 / Int(Self.pictures)
    // The key frame's surplus is saved on the others.
    let usual = average * Self.keyFramePeriod / (Self.keyFramePeriod + keyFrameSize - 1)
    let size = max(20, isKeyFrame ? usual * keyFrameSize : usual)
    var data: [UInt8] = isKeyFrame ? [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1] : [0x11, 0, 0]
    data.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    data.append(contentsOf: repeatElement(7, count: max(0, size - data.count)))
    return video.packetize(
      EncodedPacket(
        track: .video(.vp8), data: data, time: time, duration: MediaTime(count: 1, rate: Self.pictures),
        isKeyFrame: isKeyFrame))
  }

  mutating func sound(number: Int, time: MediaTime) -> PacketizedFrame {
    let data = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Self.soundBytes)
    return audio.packetize(
      EncodedPacket(
        track: .audio(.opus), data: data, time: time, duration: .milliseconds(20), isKeyFrame: true))
  }
}

/// A session that sends what a `FakeEncoder` makes over a path that changes, and what became of it.
struct RateRun: ~Copyable {
  /// At the end of a second.
  struct Sample {
    var time: MediaTime
    var available: Int?
    /// Sent within this second by all layers, per second.
    var sent: Int
    var framesOffered: Int
    var framesRefused: Int
    var framesArrived: Int
  }

  var pair: SessionPair
  var encoder: FakeEncoder
  private let isClientSending: Bool
  private var pictures = 0
  private var sounds = 0
  private var start = MediaTime.zero
  private(set) var samples: [Sample] = []
  private(set) var refused = 0
  private(set) var keyFrameRequests = 0
  /// Pictures that had not left entirely when `send` came back, and the longest time until they had.
  private(set) var waitingFrames = 0
  private(set) var longestWait = MediaTime.zero
  private var waitsSince: MediaTime?
  private var eventsSeen = 0
  private var framesSeen = (events: 0, frames: 0)

  init(
    _ conditions: NetworkConditions, encoder: FakeEncoder.Rate, keyFrameSize: Int = 6, clientSends: Bool = true,
    seed: UInt64 = 1, edit: (String) -> String = { $0 }
  ) throws {
    self.encoder = FakeEncoder(encoder, keyFrameSize: keyFrameSize)
    isClientSending = clientSends
    pair = try SessionPair.make(
      .perfect, seed: seed, clientIntents: clientSends ? SessionPair.sending : SessionPair.receiving,
      serverIntents: clientSends ? SessionPair.receiving : SessionPair.sending, editOffer: edit)
    _ = pair.run(for: .seconds(3)) { $0.isConnected }
    start = pair.now
    self.conditions = conditions
  }

  /// Of the way the media takes; the way back stays good.
  var conditions: NetworkConditions {
    get { isClientSending ? pair.uplink.conditions : pair.downlink.conditions }
    set { if isClientSending { pair.uplink.conditions = newValue } else { pair.downlink.conditions = newValue } }
  }

  /// Since media began.
  var time: MediaTime { pair.now - start }
  var available: Int? { isClientSending ? pair.client.availableBitrate : pair.server.availableBitrate }
  var isCongested: Bool { isClientSending ? pair.client.isCongested : pair.server.isCongested }
  private var hasQueue: Bool {
    isClientSending
      ? pair.client.plane.transportSender.outbox.hasVideo : pair.server.plane.transportSender.outbox.hasVideo
  }
  private var sentBytes: Int {
    Int(isClientSending ? pair.client.statistics.bytesSent : pair.server.statistics.bytesSent)
  }
  var received: [RTCEvent] { isClientSending ? pair.serverEvents : pair.clientEvents }
  var soundsSent: Int { sounds }
  var soundsLost: Int { sounds - Set(received.audioPackets.map(\.sequence)).count }
  var network: BadNetwork.Counters { isClientSending ? pair.uplink.counters : pair.downlink.counters }

  mutating func play(for duration: MediaTime) {
    let end = time + duration
    while time < end {
      let second = time
      let bytes = sentBytes
      let before = (pictures, refused, framesArrived)
      while time < min(end, second + .seconds(1)) { step() }
      samples.append(
        Sample(
          time: time, available: available, sent: (sentBytes - bytes) * 8, framesOffered: pictures - before.0,
          framesRefused: refused - before.1, framesArrived: framesArrived - before.2))
    }
  }

  private var nextPicture: MediaTime { MediaTime(count: Int64(pictures), rate: FakeEncoder.pictures) }
  private var nextSound: MediaTime { .milliseconds(20) * Int64(sounds) }

  private var framesArrived: Int {
    mutating get {
      let events = received
      for case .videoFrame in events[framesSeen.events...] { framesSeen.frames += 1 }
      framesSeen.events = events.count
      return framesSeen.frames
    }
  }

  private mutating func step() {
    if nextSound <= time {
      send(encoder.sound(number: sounds, time: nextSound), media: 0)
      sounds += 1
    }
    if nextPicture <= time {
      if takeKeyFrameRequest() {
        encoder.wantsKeyFrame = true
        keyFrameRequests += 1
      }
      let isSent = send(encoder.picture(number: pictures, available: available, time: nextPicture), media: 1)
      if !isSent { refused += 1 }
      pictures += 1
      if hasQueue { waitingFrames += 1 }
      waitsSince = hasQueue ? time : nil
    }
    let next = start + min(nextPicture, nextSound)
    while pair.now < next {
      pair.run(until: min(next, pair.now + .milliseconds(1)))
      if let since = waitsSince, !hasQueue {
        longestWait = max(longestWait, time - since)
        waitsSince = nil
      }
    }
  }

  private mutating func takeKeyFrameRequest() -> Bool {
    let events = isClientSending ? pair.clientEvents : pair.serverEvents
    defer { eventsSeen = events.count }
    return events[eventsSeen...].contains { if case .keyFrameRequested = $0 { true } else { false } }
  }

  @discardableResult
  private mutating func send(_ frame: PacketizedFrame, media: Int) -> Bool {
    let isSent =
      isClientSending
      ? pair.client.send(frame, media: media, now: pair.now) : pair.server.send(frame, media: media, now: pair.now)
    pair.flush()
    return isSent
  }
}
