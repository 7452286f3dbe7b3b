/// One participant inside a programme. Owned by the programme, never shared.
final class ProgramMember {
  let id: SourceID
  let isHost: Bool
  /// Index into the audio mixer, 0 ..< 16; free again once the member's sound has faded out.
  let slot: Int

  var pictures = PictureQueue()
  /// When the newest picture came.
  var lastPicture: MediaTime?
  var cameraOn = true

  /// Live sound: packets wait here until their playout time.
  var playout: AudioPlayout?
  /// Sound of a file, given for the coming tick only.
  var block = AudioBlock()
  var hasSound = false
  var muted = false
  var volume: Float = 1

  init(id: SourceID, isHost: Bool, slot: Int, playout: consuming AudioPlayout?) {
    self.id = id
    self.isHost = isHost
    self.slot = slot
    self.playout = playout
  }

  var gain: Float { muted ? 0 : volume }

  /// What the compositor is to draw for this member at `instant`.
  func pick(at instant: MediaTime, now: MediaTime, timing: ProgramConfiguration.Timing) -> (
    picture: LayerPicture, entry: ProgramFrameRecord.LayerEntry
  ) {
    let picked = pictures.pick(at: instant)
    let entry = ProgramFrameRecord.LayerEntry(
      source: id, timings: picked?.picture.timings ?? FrameTimings(), isRepeat: picked?.isRepeat ?? true)
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
}
