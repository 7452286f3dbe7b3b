/// One participant inside a programme. Owned by the programme, never shared.
final class ProgramMember {
  let id: SourceID
  let isHost: Bool
  /// The host of another room, who is seen and heard only while the programme is linked with it.
  let isGuest: Bool
  /// Seen and heard.
  var isOnStage: Bool
  /// Index into the audio mixer, 0 ..< 16; `nil` until a former member's sound has faded out of one.
  var slot: Int?

  var pictures = PictureQueue()
  /// When the newest picture came.
  var lastPicture: MediaTime?
  var cameraOn = true
  /// Live only: brings sound and pictures together.
  var sync = MemberSync()

  /// Live sound: packets wait here until their playout time.
  var playout: AudioPlayout?
  /// Sound of a file, given for the coming tick only.
  var block = AudioBlock()
  var hasSound = false
  var muted = false
  var volume: Float = 1

  init(id: SourceID, isHost: Bool, isGuest: Bool = false, playout: consuming AudioPlayout?) {
    self.id = id
    self.isHost = isHost
    self.isGuest = isGuest
    isOnStage = !isGuest
    self.playout = playout
  }

  var gain: Float { muted ? 0 : volume }

  /// What was known of the old media says nothing about the new.
  func restart(playout: consuming AudioPlayout?) {
    self.playout = playout
    sync = MemberSync()
  }

  func insert(_ picture: SourcePicture, at now: MediaTime) {
    pictures.insert(picture)
    lastPicture = now
    let captured = picture.timings.captured
    if captured != .zero { sync.pictureReady(captured: captured, ready: picture.instant) }
  }

  /// The next ten milliseconds of sound for the tick at `now`; `false` when there are none.
  func takeSound(at now: MediaTime) -> Bool {
    guard playout != nil else {
      defer { hasSound = false }
      return hasSound
    }
    playout?.pull(into: &block, now: now)
    if let captured = playout?.lastPlayed() { sync.soundPlayed(captured: captured, at: now) }
    return true
  }

  /// Brings sound and pictures together again, once per picture tick.
  func synchronize(at now: MediaTime, clock: ProgramClock) {
    sync.decide(at: now, wait: isHost ? clock.meanLead : clock.period / 2 - clock.phase)
    playout?.configuration.minimumDelay = sync.soundDelay
  }

  /// What the compositor is to draw for this member at `now`, by the tick that stands for `instant`.
  func pick(at now: MediaTime, instant: MediaTime, timing: ProgramConfiguration.Timing) -> (
    picture: LayerPicture, entry: ProgramFrameRecord.LayerEntry
  ) {
    let picked = pictures.pick(at: now, delay: sync.pictureDelay) { sync.isTooLate($0, at: instant) }
    let timings = picked?.picture.timings ?? FrameTimings()
    if let picked, !picked.isRepeat, timings.captured != .zero {
      sync.pictureShown(captured: timings.captured, ready: picked.picture.instant, at: now, instant: instant)
    }
    let entry = ProgramFrameRecord.LayerEntry(source: id, timings: timings, isRepeat: picked?.isRepeat ?? true)
    let state = self.state(at: now, timing: timing)
    let frame = state == .placeholder ? nil : picked?.picture.frame
    return (LayerPicture(source: id, frame: frame, state: frame == nil ? .placeholder : state), entry)
  }

  private func state(at now: MediaTime, timing: ProgramConfiguration.Timing) -> LayerPicture.State {
    guard cameraOn, let lastPicture else { return .placeholder }
    if timing == .offline { return .live }
    let age = now - lastPicture
    if age > Staleness.placeholderAfter { return .placeholder }
    return age > Staleness.dimAfter ? .stale : .live
  }
}

extension AudioPlayout {
  /// Mutating only because a noncopyable value inside a class cannot be read through an optional otherwise.
  mutating func report() -> (delay: MediaTime, statistics: AudioPlayoutStatistics) { (delay, statistics) }
  mutating func hasDecoded() -> Bool { counters.decoded > 0 }
  mutating func lastPlayed() -> MediaTime? { playedCaptureTime }
}
