import MixCore
import Transport

/// The server behind one publisher's session: decoder, programme, and what comes out of it.
struct ServerRoom: ~Copyable {
  static let guest = SourceID("guest")

  var program: Program
  private(set) var pictures = PictureMeter()
  private(set) var sound = SoundMeter()
  private var decoder: VideoDecoder?
  private var codec: VideoCodec?
  private var needsKeyFrame = true
  private let pool = FramePool()
  private var block = AudioBlock()

  init(frameRate: Int) throws(OpusError) {
    let playout = try AudioPlayout()
    let configuration = ProgramConfiguration(
      canvas: PixelSize(width: 320, height: 180), frameRate: frameRate, layout: .grid(GridOptions()), timing: .live)
    program = Program(configuration, start: .zero)
    _ = program.join(Self.guest, isHost: true, playout: playout, at: .zero)
  }

  mutating func insert(_ packet: ReceivedAudioPacket) {
    program.insert(
      audio: packet.payload, sequence: packet.sequence, timestamp: packet.timestamp, arrival: packet.arrival,
      captureTime: packet.captureTime, isRedundant: packet.isRedundant, for: Self.guest)
  }

  /// Decodes a frame and shows it; false if a key frame is needed.
  mutating func insert(_ frame: ReceivedVideoFrame, now: MediaTime) -> Bool {
    pictures.noteReceived(frame)
    if needsKeyFrame, !frame.isKeyFrame { return false }
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
    while let tick = program.nextTick(at: now) {
      switch tick {
      case .audio(let time):
        program.mixAudio(into: &block, at: time)
        let report = program.audioStatistics(of: Self.guest)
        sound.note(block, at: time, delay: report?.delay, report?.statistics)
      case .video(_, let time):
        pictures.notePicked(program.pickFrame(time: time, at: now).pictures.first, at: now, stamp: time)
      case .missedVideo: break
      }
    }
  }

  mutating func finish(now: MediaTime) { sound.finish(at: now) }
}
