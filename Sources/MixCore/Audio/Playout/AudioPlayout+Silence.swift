/// What is played while there is nothing to play, and how sound begins and ends.
extension AudioPlayout {
  /// One second.
  private static let missed: Int64 = 48_000

  mutating func refillSilence(at now: MediaTime) {
    let due = idealPosition(at: now) &+ Int64(samples.count)
    dropHopelesslyLate(due: due)
    guard let first = packets.first, first.position < due &+ Int64(Self.tick) else {
      appendPause(Self.tick)
      return
    }
    let lead = Int(max(0, min(first.position &- due, Int64(Self.tick))))
    if lead > 0 { appendPause((lead + 119) / 120 * 120) }
    position = first.position
    state = .playing
    pace.reset()
    let fromNothing = !concealment.isComfort
    concealment.reset()
    decodeNext(discarding: 0, joining: false, fadingIn: fromNothing)
  }

  /// What is later than the longest delay is not played, and after more than a second nothing that is late at all: who
  /// has missed so much wants to be back, not to hear more of it faster. Less is worked off later.
  private mutating func dropHopelesslyLate(due: Int64) {
    guard let first = packets.first else { return }
    let allowed = due &- first.position > Self.missed ? 0 : (longestDelay - targetDelay).count(rate: 48_000)
    var dropped = 0
    while let first = packets.first, first.end &+ allowed < due, let packet = packets.removeFirst() {
      dropped += packet.samples
      lastSequence = packet.sequence
    }
    guard dropped > 0 else { return }
    counters.skips += 1
    counters.skippedSamples += dropped
  }

  /// A sender's pause: the decoder's comfort noise for a second if it is quiet, then nothing.
  private mutating func appendPause(_ frames: Int) {
    guard concealment.isComfort, !concealment.comfortIsOver,
      let made = try? decoder.conceal(frames: frames, into: &decoded)
    else {
      concealment.isComfort = false
      samples.appendSilence(frames)
      return
    }
    concealment.grow(by: made)
    let loud = Self.peak(decoded, frames: made) > 0.01
    if loud || concealment.comfortIsOver {
      AudioKernels.ramp(&decoded, start: 0, frames: made, from: 1, to: 0)
      concealment.isComfort = false
    }
    enqueueDecoded(frames: made)
  }

  mutating func beginPause() {
    state = .silent
    let said = concealment.isPause
    concealment.reset()
    concealment.isComfort = true
    // Without the sender's word this may be anything but silence: let it end within a tick.
    if !said {
      concealment.isComfort = false
      if let made = try? decoder.conceal(frames: Self.tick, into: &decoded) {
        AudioKernels.ramp(&decoded, start: 0, frames: made, from: 1, to: 0)
        enqueueDecoded(frames: made)
      }
    }
  }

  private static func peak(_ values: [Float], frames: Int) -> Float {
    unsafe values.withUnsafeBufferPointer { all in
      unsafe AudioKernels.strength(UnsafeBufferPointer(rebasing: all[..<min(2 * frames, all.count)])).peak
    }
  }
}
