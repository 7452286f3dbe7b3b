/// Bringing the delay to its target.
extension AudioPlayout {
  /// 5 ms of cross-fade at a cut.
  private static let fade = 240
  /// Ticks of too much delay before a quiet place is looked for, and before any place is taken.
  private static let patience = 25
  private static let endOfPatience = 90
  /// A repetition every so many ticks while sound is loud.
  private static let repeatSpacing = 8
  /// Sound decoded ahead to cut within; more than that is dropped without decoding.
  private static let decodedCut = 4_800
  /// Periods from 67 to 400 Hz.
  private static let periods = 120...720

  mutating func correctDelay(at now: MediaTime) {
    guard state == .playing else {
      pace.reset()
      return
    }
    pace.update(lateness: Double(idealPosition(at: now) &- playPosition(at: now)))
    if pace.lateTicks > Self.patience {
      catchUp(at: now)
    } else if pace.earlyTicks > 0 && !concealment.isActive {
      fallBack()
    }
  }

  private var quietLevel: Float { max(0.003, loudness * 0.06) }

  // MARK: Too late

  private mutating func catchUp(at now: MediaTime) {
    let surplus = Int(pace.lateness)
    let available = samples.count + packets.samples - 3 * AudioFormat.tickFrames
    let wanted = min(surplus, available)
    guard wanted >= AudioFormat.tickFrames else { return }
    if pace.lateTicks > Self.endOfPatience {
      skipAnywhere(wanted, at: now)
    } else if samples.quietFrames(below: quietLevel, limit: 480) >= 480 {
      skipQuiet(wanted, at: now)
    }
  }

  /// Leaves out as much of the surplus as is quiet.
  private mutating func skipQuiet(_ wanted: Int, at now: MediaTime) {
    let reach = min(wanted, 2 * Self.decodedCut)
    decodeAhead(reach + Self.fade, at: now)
    let quiet = samples.quietFrames(below: quietLevel, limit: reach + Self.fade)
    let distance = min(reach, quiet - Self.fade)
    guard distance >= AudioFormat.tickFrames / 2 else { return }
    cut(distance)
  }

  /// Leaves out the surplus wherever we are, at a distance where the sound is most alike.
  private mutating func skipAnywhere(_ wanted: Int, at now: MediaTime) {
    var wanted = wanted
    if wanted > 2 * Self.decodedCut { wanted -= dropPacked(wanted - Self.decodedCut, at: now) }
    let length = 480
    decodeAhead(wanted + Self.fade + length, at: now)
    let farthest = min(wanted, samples.count - length)
    guard farthest > Self.periods.lowerBound else { return }
    let nearest = max(Self.periods.lowerBound, farthest - Self.periods.upperBound)
    let best = samples.mostSimilar(in: nearest...farthest, length: length)
    cut(best.distance)
  }

  private mutating func cut(_ distance: Int) {
    samples.skip(distance, fade: Self.fade)
    pace.moved(by: distance)
    counters.skips += 1
    counters.skippedSamples += distance
  }

  /// Removes packets behind the decoded sound, at most `limit` samples, without decoding them.
  private mutating func dropPacked(_ limit: Int, at now: MediaTime) -> Int {
    decodeAhead(3 * Self.fade, at: now)
    var dropped = 0
    while let first = packets.first, dropped + first.samples <= limit, let packet = packets.removeFirst() {
      dropped += packet.samples
      lastSequence = packet.sequence
      position = packet.end
    }
    counters.skippedSamples += dropped
    pace.moved(by: dropped)
    return dropped
  }

  /// Decodes until `frames` are queued; the surplus consists of packets that are here.
  private mutating func decodeAhead(_ frames: Int, at now: MediaTime) {
    while samples.count < frames, samples.room > 2 * OpusPacketInfo.maximumSamples, state == .playing, !packets.isEmpty
    {
      refill(at: now)
    }
  }

  // MARK: Too early

  /// Plays a piece once more: any in quiet, one like what would come next otherwise.
  private mutating func fallBack() {
    let quiet = samples.peak(from: 0, frames: min(Self.fade, samples.count)) < quietLevel
    guard quiet || pace.earlyTicks % Self.repeatSpacing == 0, samples.count >= Self.fade else { return }
    let deficit = Int(-pace.lateness)
    let longest = min(deficit, Self.periods.upperBound)
    guard longest >= Self.fade else { return }
    if quiet {
      goBack(longest)
      return
    }
    let best = samples.mostSimilar(in: (-longest)...(-Self.fade), length: Self.fade)
    if best.likeness > 0.7 { goBack(-best.distance) }
  }

  private mutating func goBack(_ distance: Int) {
    samples.repeatLast(distance, fade: Self.fade)
    pace.moved(by: -distance)
    counters.repeats += 1
    counters.repeatedSamples += distance
  }
}
