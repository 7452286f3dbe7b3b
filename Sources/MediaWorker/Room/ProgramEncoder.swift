import MediaControl
import MixCore
import Outputs
import Synchronization
import Transport

/// Composes and encodes the programme on the work pool: drawn once, encoded once per codec in use.
final class ProgramEncoder: @unchecked Sendable {
  // @unchecked: everything mutable but `demand` is touched only by jobs of `lane`, which never overlap.

  /// Who needs which codec; changed by the room's loop, read by the next job.
  struct Demand: Sendable {
    var viewers: [VideoCodec: Int] = [:]
    var outputs: [VideoCodec: Int] = [:]
    /// Codecs that must start a new group of pictures soon; taken back when a key frame comes.
    var keyFrames: Set<VideoCodec> = []

    func isNeeded(_ codec: VideoCodec) -> Bool { viewers[codec, default: 0] + outputs[codec, default: 0] > 0 }
    var isEmpty: Bool { !VideoCodec.allCases.contains(where: isNeeded) }
  }

  /// More waiting frames than this only make the picture later: the tick is skipped instead.
  static let maximumBacklog = 2

  /// Every viewer and output may ask for a key frame; more of them would cost all the others their quality.
  private static let keyFramePause = MediaTime.milliseconds(500)

  let demand = Mutex(Demand())
  private let lane: SerialLane
  private let room: RoomID
  private let settings: ProgramSettings
  private let fanout: ProgramFanout
  private let net: Mailbox<NetMessage>
  private let mailbox: Mailbox<RoomMessage>
  /// Local clock at the programme's time zero; viewers' sender reports need it.
  private let start: MediaTime

  private let canvases = FramePool(capacity: 4)
  private var compositor = Compositor()
  private var h264: H264Encoder?
  private var vp8: VP8Encoder?
  private var formats: [VideoCodec: VideoTrackFormat] = [:]
  private var lastKeyFrames: [VideoCodec: MediaTime] = [:]
  private var h264Packetizer: H264Packetizer?
  private var vp8Packetizer = VP8Packetizer()

  init(
    room: RoomID, settings: ProgramSettings, start: MediaTime, pool: WorkPool, fanout: ProgramFanout,
    net: Mailbox<NetMessage>, mailbox: Mailbox<RoomMessage>
  ) {
    self.room = room
    self.settings = settings
    self.start = start
    self.fanout = fanout
    self.net = net
    self.mailbox = mailbox
    lane = SerialLane(pool: pool)
  }

  var isBehind: Bool { lane.depth >= Self.maximumBacklog }

  func submit(_ job: CompositionJob) { lane.submit { self.make(job) } }

  /// Opens the encoder of `codec` if need be and gives its track format to `body`, on the work pool.
  func prepare(_ codec: VideoCodec, _ body: @escaping @Sendable (Result<VideoTrackFormat, CodecError>) -> Void) {
    lane.submit {
      do throws(CodecError) {
        try self.open(codec)
      } catch {
        return body(.failure(error))
      }
      if let format = self.formats[codec] { body(.success(format)) }
    }
  }

  /// Runs `body` on the work pool, behind everything asked for before, and closes the encoders nobody needs any more:
  /// without demand no frame comes that would do it.
  func release(_ body: @escaping @Sendable () -> Void = {}) {
    lane.submit {
      body()
      self.closeUnused(self.demand.withLock { demand in VideoCodec.allCases.filter(demand.isNeeded) })
    }
  }

  // MARK: One frame

  private func make(_ job: CompositionJob) {
    var stamps = FrameStamps(id: job.id, composeStarted: MonotonicClock.now())
    let (codecs, keyFrames) = demand.withLock { demand in
      (VideoCodec.allCases.filter(demand.isNeeded), demand.keyFrames)
    }
    closeUnused(codecs)
    guard let canvas = canvases.acquire(job.scene.canvas) else { return }
    compositor.render(job.scene, pictures: job.pictures, into: canvas)
    stamps.composed = MonotonicClock.now()
    for codec in codecs {
      do throws(CodecError) {
        try open(codec)
        let forceKeyFrame = keyFrames.contains(codec) && mayForceKeyFrame(codec, at: job.time)
        try encode(canvas, job: job, codec: codec, forceKeyFrame: forceKeyFrame, stamps: &stamps)
      } catch {
        // The next frame tries with a new encoder.
        close(codec)
      }
    }
  }

  private func encode(
    _ canvas: VideoFrame, job: CompositionJob, codec: VideoCodec, forceKeyFrame: Bool, stamps: inout FrameStamps
  ) throws(CodecError) {
    let packet: EncodedPacket?
    switch codec {
    case .h264:
      packet = try h264?.encode(canvas, time: job.time, forceKeyFrame: forceKeyFrame, ledgerID: job.id)
    case .vp8:
      packet = try vp8?.encode(canvas, time: job.time, forceKeyFrame: forceKeyFrame, ledgerID: job.id)
    }
    guard let packet else { return }
    if stamps.encoded == .zero { stamps.encoded = MonotonicClock.now() }
    if packet.isKeyFrame { noteKeyFrame(codec, at: job.time) }
    let isWatched = demand.withLock { $0.viewers[codec, default: 0] > 0 }
    let frame = isWatched ? packetize(packet, codec: codec) : nil
    if frame != nil, stamps.packetized == .zero { stamps.packetized = MonotonicClock.now() }
    // Before anybody can report the first byte, which completes the frame's record.
    mailbox.send(.frameDone(stamps), wake: false)
    fanout.send(packet)
    guard var frame else { return }
    frame.captureTime = start + packet.time
    net.send(.programVideo(room, codec, frame, ledgerID: job.id))
  }

  private func mayForceKeyFrame(_ codec: VideoCodec, at time: MediaTime) -> Bool {
    guard let last = lastKeyFrames[codec] else { return true }
    return time - last >= Self.keyFramePause
  }

  /// Before the frame is sent: whoever has asked until now will get it.
  private func noteKeyFrame(_ codec: VideoCodec, at time: MediaTime) {
    lastKeyFrames[codec] = time
    demand.withLock { _ = $0.keyFrames.remove(codec) }
  }

  private func packetize(_ packet: EncodedPacket, codec: VideoCodec) -> PacketizedFrame? {
    switch codec {
    case .vp8: return vp8Packetizer.packetize(packet)
    case .h264: return h264Packetizer?.packetize(packet)
    }
  }

  // MARK: Encoders live as long as they are needed

  private var encoderSettings: VideoEncoderSettings {
    VideoEncoderSettings(
      width: settings.width, height: settings.height, frameRate: settings.frameRate, bitrate: settings.videoBitrate,
      preset: settings.preset)
  }

  private func open(_ codec: VideoCodec) throws(CodecError) {
    guard formats[codec] == nil else { return }
    switch codec {
    case .h264:
      let encoder = try H264Encoder(encoderSettings)
      formats[codec] = encoder.format
      h264Packetizer = H264Packetizer(extradata: encoder.format.extradata)
      h264 = consume encoder
    case .vp8:
      let encoder = try VP8Encoder(encoderSettings)
      formats[codec] = encoder.format
      vp8 = consume encoder
    }
  }

  private func closeUnused(_ needed: [VideoCodec]) {
    for codec in VideoCodec.allCases where !needed.contains(codec) && formats[codec] != nil { close(codec) }
  }

  private func close(_ codec: VideoCodec) {
    formats[codec] = nil
    lastKeyFrames[codec] = nil
    switch codec {
    case .h264: h264 = nil
    case .vp8: vp8 = nil
    }
  }
}
