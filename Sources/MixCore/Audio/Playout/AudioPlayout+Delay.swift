/// Bringing the delay to its target.
extension AudioPlayout {
  /// 5 ms of cross-fade at a cut.
  private static let fade = 240
  /// What two places are compared over.
  private static let compared = 480
  /// Sound decoded ahead to cut within.
  private static let longestCut = 9_600
  /// Pieces of 2.5 to 20 ms: at least one period of any voice.
  private static let pieces = 120...960
  /// A playout that is so late, half a second, was stopped itself; nobody wants to hear what it missed.
  private static let hopelessLateness = 24_000

  mutating func correctDelay(at now: MediaTime) {
    guard state == .playing else {
      pace.reset()
      return
    }
    let lateness = idealPosition(at: now) &- playPosition(at: now)
    guard lateness < Self.hopelessLateness else {
      giveUp()
      return
    }
    pace.update(lateness: Double(lateness))
    if pace.isLate {
      catchUp(at: now)
    } else if pace.isEarly && !concealment.isActive {
      fallBack()
    }
  }

  private var quietLevel: Float { max(0.003, loudness * 0.06) }

  // MARK: Too late

  private mutating func catchUp(at now: MediaTime) {
    let available = samples.count + packets.samples - 3 * AudioFormat.tickFrames
    let wanted = min(Int(pace.lateness), available)
    guard wanted >= Self.pieces.lowerBound else { return }
    if samples.quietFrames(below: quietLevel, limit: AudioFormat.tickFrames) >= AudioFormat.tickFrames {
      skipQuiet(wanted, at: now)
    } else if pace.mayMove {
      leaveOutPiece(wanted, at: now)
    }
  }

  /// Leaves out as much of the surplus as is quiet.
  private mutating func skipQuiet(_ wanted: Int, at now: MediaTime) {
    let reach = min(wanted, Self.longestCut)
    decodeAhead(reach + Self.fade, at: now)
    let quiet = samples.quietFrames(below: quietLevel, limit: reach + Self.fade)
    let distance = min(reach, quiet - Self.fade)
    guard distance >= AudioFormat.tickFrames / 2 else { return }
    cut(distance)
  }

  /// Leaves out some periods, where sound repeats itself.
  private mutating func leaveOutPiece(_ wanted: Int, at now: MediaTime) {
    decodeAhead(min(wanted, Self.pieces.upperBound) + Self.compared, at: now)
    let longest = min(wanted, Self.pieces.upperBound, samples.count - Self.compared)
    guard longest >= Self.pieces.lowerBound else { return }
    let best = samples.mostSimilar(in: Self.pieces.lowerBound...longest, length: Self.compared)
    if best.likeness >= pace.demandedLikeness { cut(best.distance) }
  }

  private mutating func cut(_ distance: Int) {
    samples.skip(distance, fade: Self.fade)
    pace.moved(by: distance)
    counters.skips += 1
    counters.skippedSamples += distance
  }

  /// Decodes until `frames` are queued, up to the next gap: what is missing there may still come.
  private mutating func decodeAhead(_ frames: Int, at now: MediaTime) {
    while samples.count < frames, samples.room > 2 * OpusPacketInfo.maximumSamples, state == .playing,
      let first = packets.first, first.position <= position
    {
      refill(at: now)
    }
  }

  /// Lets the sound end, to begin anew where it should be.
  private mutating func giveUp() {
    counters.skips += 1
    beginPause()
    pace.reset()
  }

  // MARK: Too early

  /// Plays a piece once more: any in quiet, one like what would come next otherwise.
  private mutating func fallBack() {
    guard samples.count >= Self.fade else { return }
    let quiet = samples.peak(from: 0, frames: Self.fade) < quietLevel
    guard quiet || pace.mayMove else { return }
    let longest = min(Int(-pace.lateness), Self.pieces.upperBound)
    guard longest >= Self.fade else { return }
    if quiet {
      goBack(longest)
      return
    }
    let best = samples.mostSimilar(in: (-longest)...(-Self.fade), length: Self.fade)
    if best.likeness >= pace.demandedLikeness { goBack(-best.distance) }
  }

  private mutating func goBack(_ distance: Int) {
    samples.repeatLast(distance, fade: Self.fade)
    pace.moved(by: -distance)
    counters.repeats += 1
    counters.repeatedSamples += distance
  }
}
