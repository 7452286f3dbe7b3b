import MediaControl
import MixCore
import Synchronization
import Transport

/// Decodes one participant's video on the work pool, frame after frame, while somebody looks at it.
final class SourceDecoder: @unchecked Sendable {
  // @unchecked: `decoder`, `codec`, `followers` and `needsKeyFrame` are touched only by jobs of `lane`, which never overlap;
  // `isWanted` and `isPaused` only by the network loop.

  /// A third of a second at 30 fps: a decoder further behind starts again at the next key frame.
  private static let maximumBacklog = 10

  private let user: UserID
  private let isHost: Bool
  private let lane: SerialLane
  private let room: Mailbox<RoomMessage>
  private let requestKeyFrame: @Sendable () -> Void
  private let frames = FramePool()
  private let restarts = Atomic<Bool>(false)
  /// One picture is decoded in any case: only that proves that there is video.
  private let hasDecoded = Atomic<Bool>(false)

  private var decoder: VideoDecoder?
  private var codec: VideoCodec?
  private var needsKeyFrame = true
  /// Linked rooms that show the same pictures.
  private var followers: [Mailbox<RoomMessage>] = []
  private var isWanted = false
  /// Frames were left out since the last one that was submitted.
  private var isPaused = false

  init(
    user: UserID, isHost: Bool, pool: WorkPool, room: Mailbox<RoomMessage>,
    requestKeyFrame: @escaping @Sendable () -> Void
  ) {
    self.user = user
    self.isHost = isHost
    self.room = room
    self.requestKeyFrame = requestKeyFrame
    lane = SerialLane(pool: pool)
  }

  /// Called by the network loop, once per frame, in decode order.
  func submit(_ frame: ReceivedVideoFrame) {
    guard isNeeded else {
      isPaused = true
      return
    }
    if isPaused {
      // What was left out may be referred to by all that comes before the next key frame.
      guard frame.isKeyFrame || frame.isRecoveryPoint else { return requestKeyFrame() }
      if frame.isRecoveryPoint { restarts.store(true, ordering: .relaxed) }
      isPaused = false
    }
    if lane.depth >= Self.maximumBacklog {
      restarts.store(true, ordering: .relaxed)
      requestKeyFrame()
      return
    }
    lane.submit { self.decode(frame) }
  }

  /// Whether frames are decoded, were they to come now. Called by the network loop.
  var isNeeded: Bool { isWanted || !hasDecoded.load(ordering: .relaxed) }

  /// Called by the network loop. A picture comes with the next key frame, which is asked for here.
  func setWanted(_ wanted: Bool) {
    defer { isWanted = wanted }
    if wanted, !isWanted { requestKeyFrame() }
  }

  /// Forgets the past: the stream begins anew with its next key frame.
  func restart() {
    restarts.store(true, ordering: .relaxed)
    hasDecoded.store(false, ordering: .relaxed)
    requestKeyFrame()
  }

  /// From the next picture on they go to these rooms too.
  func setFollowers(_ mailboxes: [Mailbox<RoomMessage>]) { lane.submit { self.followers = mailboxes } }

  private func decode(_ frame: ReceivedVideoFrame) {
    if restarts.exchange(false, ordering: .relaxed) { needsKeyFrame = true }
    let recovers = frame.isRecoveryPoint && (needsKeyFrame || frame.followsLoss)
    if needsKeyFrame, !frame.isKeyFrame, !recovers { return requestKeyFrame() }
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
      if recovers {
        decoder?.recover()
        needsKeyFrame = false
      }
      guard let picture = try decoder?.decode(frame.data, into: frames) else { return }
      needsKeyFrame = false
      hasDecoded.store(true, ordering: .relaxed)
      timings.decoded = MonotonicClock.now()
      let source = SourcePicture(frame: picture, instant: timings.decoded, timings: timings)
      // Ticks wait for the host's pictures alone; for sound the loops wake up every ten milliseconds anyway.
      room.send(.picture(user, source), wake: isHost)
      for follower in followers { follower.send(.guestPicture(user, source), wake: false) }
    } catch {
      needsKeyFrame = true
      requestKeyFrame()
    }
  }
}
