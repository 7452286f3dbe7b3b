import MediaControl
import MixCore

/// Decides when somebody is told of a new wish: of a larger picture at once, of a smaller one when it has stayed smaller
/// for a while, of nothing that hardly differs.
struct WishSchedule: Sendable {
  /// From the telling until larger pictures can be there: a round trip, and the next picture that the sender's encoder
  /// makes. This covers round trips up to 150 ms, and who changes the layout hardly feels it.
  static let lead = MediaTime.milliseconds(200)
  /// Longer than any transition with what it may wait for, in which the old rectangle is still seen.
  static let shrinkDelay = MediaTime.seconds(1)
  /// Somebody who looks away and back must not stop the sender in between.
  static let hideDelay = MediaTime.seconds(3)
  /// Two changes within this time are told at once, more have to wait.
  private static let pause = MediaTime.seconds(2)
  /// The same for growth, which must be told before it is seen: four times a second.
  private static let growthPause = MediaTime.milliseconds(500)
  /// What the last of many growths may have to wait, and its sender then still needs. A scene waits no longer.
  static let longestLead = growthPause + lead
  /// Below this part of the pixels a smaller picture is worth asking for, and a larger one worth waiting for.
  private static let worthwhile = 0.8

  /// What was told last; `nil` before anything was.
  private(set) var told: VideoWish?
  private(set) var needed: VideoWish?
  private var neededSince = MediaTime.distantPast
  /// What can be expected of the sender until `told` can, at `followed`.
  private var expected: VideoWish?
  private var followed = MediaTime.distantPast
  /// The two last times, newest first.
  private var tellings = (MediaTime.distantPast, MediaTime.distantPast)
  private let isRateLimited: Bool

  init(isRateLimited: Bool) { self.isRateLimited = isRateLimited }

  mutating func need(_ wish: VideoWish, at now: MediaTime) {
    guard wish != needed else { return }
    needed = wish
    neededSince = now
  }

  /// When `takeDue` has something to say.
  var deadline: MediaTime {
    guard let needed, needed != told else { return .distantFuture }
    guard let told, !Self.asksForMore(needed, than: told) else { return earliest(pause: Self.growthPause) }
    let soonest = earliest(pause: Self.pause)
    if needed.isHidden { return max(soonest, neededSince + Self.hideDelay) }
    let isWorthwhile =
      Double(needed.pixels) < Self.worthwhile * Double(told.pixels)
      || Double(needed.bitrate) < Self.worthwhile * Double(told.bitrate) || needed.frameRate < told.frameRate
    return isWorthwhile ? max(soonest, neededSince + Self.shrinkDelay) : .distantFuture
  }

  mutating func takeDue(at now: MediaTime) -> VideoWish? {
    guard deadline <= now, let needed else { return nil }
    if followed <= now { expected = told }
    let isGrowth = Self.asksForMore(needed, than: expected ?? .hidden)
    if !isGrowth { expected = needed }
    followed = isGrowth ? now + Self.lead : now
    told = needed
    tellings = (now, tellings.0)
    return needed
  }

  /// When the sender can have followed a wish for this much; long ago where he sends that much already.
  /// - Parameter sent: bits per second that are known to come anyhow.
  func ready(for wish: VideoWish, sent: Int = 0) -> MediaTime {
    let present = expected.map { $0.isHidden ? 0 : max($0.bitrate, sent) } ?? 0
    guard needed != nil, Self.isNoticeable(wish, over: present) else { return .distantPast }
    guard let told, !Self.isNoticeable(wish, over: told.bitrate) else {
      return max(deadline, neededSince) + Self.lead
    }
    return followed
  }

  private func earliest(pause: MediaTime) -> MediaTime { isRateLimited ? tellings.1 + pause : .distantPast }

  /// The bitrate stands for the whole picture of which a part may be cut off.
  private static func isNoticeable(_ wish: VideoWish, over bitrate: Int) -> Bool {
    Double(bitrate) < worthwhile * Double(wish.bitrate)
  }

  private static func asksForMore(_ wish: VideoWish, than other: VideoWish) -> Bool {
    wish.width > other.width || wish.height > other.height || wish.frameRate > other.frameRate
      || Double(wish.bitrate) > 1.1 * Double(other.bitrate)
  }
}

extension VideoWish {
  var pixels: Int { width * height }
}
