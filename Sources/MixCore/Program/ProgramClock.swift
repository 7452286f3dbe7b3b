/// The one clock of a programme: says which ticks are due, never reads a clock itself.
///
/// Sound ticks every 10 ms. Picture tick n has the instant `start + n / frameRate + phase`; the phase follows the host's
/// pictures, and a tick fires as soon as the host's picture for its instant is there, within half a period around it, so
/// that waiting for the tick is not half of the latency. A picture that comes later than that gives way to the next one:
/// were it shown by the next tick, every picture after it would wait a whole period for a tick of its own. The
/// presentation time is n / frameRate in any case. Without a host picture the clock runs free.
public struct ProgramClock: Sendable {
  public enum Tick: Sendable, Equatable {
    /// Ten milliseconds of sound; `time` counts from the start of the programme.
    case audio(time: MediaTime)
    case video(number: Int64, time: MediaTime)
    /// The loop came so late that `count` picture ticks were given up.
    case missedVideo(count: Int64)
  }

  /// A picture of the host that no tick has shown yet.
  private enum HostPicture {
    case none
    /// It belongs to a tick that fired without it: shown at once, unless the next one is coming.
    case late
    /// It belongs to the next tick.
    case due
  }

  public let start: MediaTime
  public let frameRate: Int

  private var nextAudio: Int64 = 0
  private var nextVideo: Int64 = 0
  private var waiting = HostPicture.none
  private var host: HostCadence
  /// Where the host's pictures lie between two nominal instants.
  public private(set) var phase = MediaTime.zero

  /// Sound that could not be mixed for this long is given up (the loop was stopped); shorter delays are caught up.
  private static let audioCatchUpLimit = MediaTime.milliseconds(500)
  /// Pictures may lie this much behind their nominal instant; further ones belong to the next one. Less than half of most
  /// periods: a picture before its nominal instant is in step with the sound, one behind it is ahead of the sound.
  private static let latestPhase = MediaTime.milliseconds(10)

  public init(start: MediaTime, frameRate: Int) {
    self.start = start
    self.frameRate = frameRate
    host = HostCadence(nominal: MediaTime(count: 1, rate: Int64(frameRate)))
  }

  public var period: MediaTime { MediaTime(count: 1, rate: Int64(frameRate)) }

  /// From a release of the host's pictures to the instant of the tick that follows it, in the middle of what is possible.
  var meanLead: MediaTime { max(.zero, period / 2 - Self.latestPhase) }

  /// The host's newest picture became ready, or is released, at `now`.
  public mutating func hostPictureReady(at now: MediaTime) {
    let (instant, isFirst) = host.note(now)
    follow(instant, atOnce: isFirst)
    if instant >= videoInstant(nextVideo) - period / 2 {
      waiting = .due
    } else if waiting == .none {
      waiting = .late
    }
  }

  /// Moves the phase towards the host's pictures: at once when they begin, then slowly.
  private mutating func follow(_ instant: MediaTime, atOnce: Bool) {
    let distance = (instant - videoInstant(nextVideo)).nanoseconds
    let cycle = period.nanoseconds
    let periods = (distance &+ (distance < 0 ? -cycle : cycle) / 2) / cycle
    let error = MediaTime(nanoseconds: distance &- periods &* cycle)
    phase += atOnce ? error : error / 4
    // A host at another rate drifts through the period: one picture is then repeated or left out. The margin keeps a
    // phase near the edge from going back and forth.
    let margin = period / 10
    let latest = min(Self.latestPhase, period / 2) + margin
    if phase > latest { phase -= period }
    if phase < latest - period - margin * 2 { phase += period }
  }

  /// When `nextTick` must be asked again at the latest, if no host picture comes before.
  public var nextDeadline: MediaTime { min(audioInstant(nextAudio), videoDeadline) }

  /// The next tick that is due at `now`; call until `nil`.
  public mutating func nextTick(at now: MediaTime) -> Tick? {
    let audioDue = audioInstant(nextAudio) <= now
    if audioDue, audioInstant(nextAudio) <= videoDeadline || !videoDue(at: now) { return takeAudio(at: now) }
    if videoDue(at: now) { return takeVideo(at: now) }
    return nil
  }

  private mutating func takeAudio(at now: MediaTime) -> Tick {
    if now - audioInstant(nextAudio) > Self.audioCatchUpLimit {
      nextAudio = (now - start).count(rate: 100)
    }
    defer { nextAudio += 1 }
    return .audio(time: MediaTime(count: nextAudio, rate: 100))
  }

  private mutating func takeVideo(at now: MediaTime) -> Tick {
    let behind = now - videoInstant(nextVideo) - period
    if behind > .zero {
      let missed = behind.nanoseconds / period.nanoseconds
      if missed > 0 {
        nextVideo += missed
        return .missedVideo(count: missed)
      }
    }
    waiting = .none
    defer { nextVideo += 1 }
    return .video(number: nextVideo, time: MediaTime(count: nextVideo, rate: Int64(frameRate)))
  }

  private func videoDue(at now: MediaTime) -> Bool { now >= videoDeadline }

  /// The instant after which the tick no longer waits for the host.
  private var videoDeadline: MediaTime {
    let instant = videoInstant(nextVideo)
    let (earliest, latest) = (instant - period / 2, instant + period / 2)
    if waiting == .due { return earliest }
    if !host.isLost(at: instant), host.awaited <= latest { return latest }
    return waiting == .late ? earliest : instant
  }

  private func audioInstant(_ number: Int64) -> MediaTime { start + MediaTime(count: number, rate: 100) }

  private func videoInstant(_ number: Int64) -> MediaTime {
    start + MediaTime(count: number, rate: Int64(frameRate)) + phase
  }
}
