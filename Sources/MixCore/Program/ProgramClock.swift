/// The one clock of a programme: says which ticks are due, never reads a clock itself.
///
/// Sound ticks every 10 ms. Picture tick n has the instant `start + n / frameRate + phase`; the phase follows the host's
/// pictures, and a tick fires as soon as the host's picture for its instant is there, within half a period around it, so
/// that waiting for the tick is not half of the latency. The presentation time is n / frameRate in any case. Without a
/// host picture the clock runs free.
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
    /// It belongs to a tick that fired without it, and so to the next one, which need not wait longer than its instant.
    case late
    /// It belongs to the next tick.
    case due
  }

  public let start: MediaTime
  public let frameRate: Int

  private var nextAudio: Int64 = 0
  private var nextVideo: Int64 = 0
  private var waiting = HostPicture.none
  private var lastHostPicture = MediaTime.distantPast
  /// Smoothed distance between the host's pictures.
  private var hostInterval: MediaTime
  /// Where the host's pictures lie between two nominal instants; a little more than half a period either way.
  private var phase = MediaTime.zero
  private var followsHost = false

  /// Sound that could not be mixed for this long is given up (the loop was stopped); shorter delays are caught up.
  private static let audioCatchUpLimit = MediaTime.milliseconds(500)
  private static let hostLostAfter = MediaTime.milliseconds(200)

  public init(start: MediaTime, frameRate: Int) {
    self.start = start
    self.frameRate = frameRate
    hostInterval = MediaTime(count: 1, rate: Int64(frameRate))
  }

  public var period: MediaTime { MediaTime(count: 1, rate: Int64(frameRate)) }

  /// The host's newest picture became ready at `now`.
  public mutating func hostPictureReady(at now: MediaTime) {
    let interval = now - lastHostPicture
    if interval < Self.hostLostAfter { hostInterval += (interval - hostInterval) / 8 } else { followsHost = false }
    lastHostPicture = now
    let belongsToNext = follow(now)
    waiting = belongsToNext || waiting != .none ? .due : .late
  }

  /// Moves the phase towards the host's picture: at once when he begins, then slowly, for single pictures jitter.
  /// - Returns: whether the picture belongs to the tick that is next, and not to one that fired already.
  private mutating func follow(_ now: MediaTime) -> Bool {
    let distance = (now - videoInstant(nextVideo)).nanoseconds
    let cycle = period.nanoseconds
    let periods = (distance &+ (distance < 0 ? -cycle : cycle) / 2) / cycle
    let error = MediaTime(nanoseconds: distance &- periods &* cycle)
    phase += followsHost ? error / 16 : error
    followsHost = true
    // A host at another rate drifts through the period: one picture is then repeated or left out. The margin beyond
    // half a period keeps a phase near the edge from going back and forth.
    let limit = period * 6 / 10
    if phase > limit { phase -= period }
    if phase < -limit { phase += period }
    return now >= videoInstant(nextVideo) - period / 2
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
    if waiting == .due { return instant - period / 2 }
    guard waiting == .none, instant - lastHostPicture < Self.hostLostAfter else { return instant }
    let latest = instant + period / 2
    return lastHostPicture + hostInterval <= latest ? latest : instant
  }

  private func audioInstant(_ number: Int64) -> MediaTime { start + MediaTime(count: number, rate: 100) }

  private func videoInstant(_ number: Int64) -> MediaTime {
    start + MediaTime(count: number, rate: Int64(frameRate)) + phase
  }
}
