import MixCore
import Transport

/// The server behind one publisher's session: decoder, programme, and what comes out of it.
struct ServerRoom: ~Copyable {
  static let guest = SourceID("guest")
  private static let host = SourceID("host")

  var program: Program
  private(set) var pictures = PictureMeter()
  private(set) var sound = SoundMeter()
  private var decoder: VideoDecoder?
  private var codec: VideoCodec?
  private var needsKeyFrame = true
  private let pool = FramePool()
  private var block = AudioBlock()
  /// Of another host than the client.
  private var hostPicture: VideoFrame?
  private var hostPictures: Int64 = 0

  init(frameRate: Int, hasHost: Bool) throws(OpusError) {
    let configuration = ProgramConfiguration(
      canvas: PixelSize(width: 320, height: 180), frameRate: frameRate, layout: .grid(GridOptions()), timing: .live)
    program = Program(configuration, start: .zero)
    guard hasHost else {
      _ = program.join(Self.guest, isHost: true, playout: try AudioPlayout(), at: .zero)
      return
    }
    hostPicture = pool.acquire(PixelSize(width: 32, height: 32))
    _ = program.join(Self.host, isHost: true, playout: nil, at: .zero)
  }

  mutating func joinLate(at now: MediaTime) throws(OpusError) {
    _ = program.join(Self.guest, isHost: false, playout: try AudioPlayout(), at: now)
  }

  /// The guest sends anew, by another session.
  mutating func restart() throws(OpusError) {
    program.restart(Self.guest, playout: try AudioPlayout())
    codec = nil
    needsKeyFrame = true
  }

  /// The other host sends thirty pictures a second by a perfect network, not in step with any clock here.
  var nextHostPicture: MediaTime {
    hostPicture == nil ? .distantFuture : .milliseconds(11) + MediaTime(count: hostPictures, rate: 30)
  }

  private mutating func takeHostPictures(now: MediaTime) {
    while nextHostPicture <= now, let hostPicture {
      hostPictures += 1
      var timings = FrameTimings()
      timings.captured = now - .milliseconds(20)
      program.insert(SourcePicture(frame: hostPicture, instant: now, timings: timings), for: Self.host, at: now)
    }
  }

  mutating func insert(_ packet: ReceivedAudioPacket) {
    program.insert(
      audio: packet.payload, sequence: packet.sequence, timestamp: packet.timestamp, arrival: packet.arrival,
      captureTime: packet.captureTime, isRedundant: packet.isRedundant, for: Self.guest)
  }

  /// Decodes a frame and shows it; false if a key frame is needed.
  mutating func insert(_ frame: ReceivedVideoFrame, now: MediaTime) -> Bool {
    pictures.noteReceived(frame)
    let recovers = frame.isRecoveryPoint && (needsKeyFrame || frame.followsLoss)
    if needsKeyFrame, !frame.isKeyFrame, !recovers { return false }
    var timings = FrameTimings()
    timings.captured = frame.captureTime
    timings.firstPacket = frame.firstPacket
    timings.lastPacket = frame.lastPacket
    timings.assembled = frame.assembled
    timings.decodeStarted = now
    timings.decoded = now
    do throws(CodecError) {
      if codec != frame.codec { decoder = try VideoDecoder(codec: frame.codec) }
      codec = frame.codec
      if recovers {
        decoder?.recover()
        needsKeyFrame = false
      }
      guard let picture = try decoder?.decode(frame.data, into: pool) else { return true }
      needsKeyFrame = false
      pictures.noteDecoded(picture)
      program.insert(SourcePicture(frame: picture, instant: now, timings: timings), for: Self.guest, at: now)
      return true
    } catch {
      pictures.noteFailure()
      needsKeyFrame = true
      return false
    }
  }

  /// Carries out the ticks that are due.
  mutating func tick(now: MediaTime) {
    takeHostPictures(now: now)
    while let tick = program.nextTick(at: now) {
      switch tick {
      case .audio(let time):
        program.mixAudio(into: &block, at: time)
        let report = program.audioStatistics(of: Self.guest)
        sound.note(block, at: time, delay: report?.delay, report?.statistics)
      case .video(_, let time):
        let picked = program.pickFrame(time: time, at: now).pictures.first { $0.source == Self.guest }
        pictures.notePicked(picked, at: now, stamp: time)
      case .missedVideo: break
      }
    }
  }

  mutating func finish(now: MediaTime) { sound.finish(at: now) }
}
