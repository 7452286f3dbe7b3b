import MediaControl
import MixCore

/// Decides when somebody is told of a new wish: of a larger picture at once, of a smaller one when it has stayed smaller
/// for a while, of nothing that hardly differs.
struct WishSchedule: Sendable {
  /// Longer than any transition, in which the old rectangle is still seen.
  static let shrinkDelay = MediaTime.seconds(1)
  /// Somebody who looks away and back must not stop the sender in between.
  static let hideDelay = MediaTime.seconds(3)
  /// Below this part of the pixels a smaller picture is worth asking for.
  private static let worthwhile = 0.8

  /// What was told last; `nil` before anything was.
  private(set) var told: VideoWish?
  private var needed: VideoWish?
  private var neededSince = MediaTime.distantPast
  /// The two last times, newest first: two changes in two seconds are told at once, more have to wait.
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
    let earliest = isRateLimited ? tellings.1 + .seconds(2) : .distantPast
    guard let told, !Self.asksForMore(needed, than: told) else { return earliest }
    if needed.isHidden { return max(earliest, neededSince + Self.hideDelay) }
    let isWorthwhile =
      Double(needed.pixels) < Self.worthwhile * Double(told.pixels)
      || Double(needed.bitrate) < Self.worthwhile * Double(told.bitrate) || needed.frameRate < told.frameRate
    return isWorthwhile ? max(earliest, neededSince + Self.shrinkDelay) : .distantFuture
  }

  mutating func takeDue(at now: MediaTime) -> VideoWish? {
    guard deadline <= now, let needed else { return nil }
    told = needed
    tellings = (now, tellings.0)
    return needed
  }

  private static func asksForMore(_ wish: VideoWish, than other: VideoWish) -> Bool {
    wish.width > other.width || wish.height > other.height || wish.frameRate > other.frameRate
      || Double(wish.bitrate) > 1.1 * Double(other.bitrate)
  }
}

extension VideoWish {
  var pixels: Int { width * height }
}
