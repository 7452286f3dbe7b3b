import MediaControl
import MixCore
import Synchronization
import Transport

/// Decodes one participant's video on the work pool, frame after frame.
final class SourceDecoder: @unchecked Sendable {
  // @unchecked: `decoder` and `needsKeyFrame` are touched only by jobs of `lane`, which never overlap.

  /// A third of a second at 30 fps: a decoder further behind starts again at the next key frame.
  private static let maximumBacklog = 10

  private let user: UserID
  private let lane: SerialLane
  private let room: Mailbox<RoomMessage>
  private let requestKeyFrame: @Sendable () -> Void
  private let frames = FramePool()
  private let restarts = Atomic<Bool>(false)

  private var decoder: VideoDecoder?
  private var codec: VideoCodec?
  private var needsKeyFrame = true

  init(user: UserID, pool: WorkPool, room: Mailbox<RoomMessage>, requestKeyFrame: @escaping @Sendable () -> Void) {
    self.user = user
    self.room = room
    self.requestKeyFrame = requestKeyFrame
    lane = SerialLane(pool: pool)
  }

  /// Called by the network loop, once per frame, in decode order.
  func submit(_ frame: ReceivedVideoFrame) {
    if lane.depth >= Self.maximumBacklog {
      restarts.store(true, ordering: .relaxed)
      requestKeyFrame()
      return
    }
    lane.submit { self.decode(frame) }
  }

  /// Forgets the past: the stream begins anew with its next key frame.
  func restart() {
    restarts.store(true, ordering: .relaxed)
    requestKeyFrame()
  }

  private func decode(_ frame: ReceivedVideoFrame) {
    if restarts.exchange(false, ordering: .relaxed) { needsKeyFrame = true }
    if needsKeyFrame, !frame.isKeyFrame { return requestKeyFrame() }
    var timings = FrameTimings()
    timings.captured = frame.captureTime
    timings.firstPacket = frame.firstPacket
    timings.lastPacket = frame.lastPacket
    timings.assembled = frame.assembled
    timings.decodeStarted = MonotonicClock.now()
    do throws(CodecError) {
      if decoder == nil || codec != frame.codec {
        decoder = try VideoDecoder(codec: frame.codec, extradata: [])
        codec = frame.codec
      }
      guard let picture = try decoder?.decode(frame.data, into: frames) else { return }
      needsKeyFrame = false
      timings.decoded = MonotonicClock.now()
      room.send(.picture(user, SourcePicture(frame: picture, instant: timings.decoded, timings: timings)))
    } catch {
      needsKeyFrame = true
      requestKeyFrame()
    }
  }
}
