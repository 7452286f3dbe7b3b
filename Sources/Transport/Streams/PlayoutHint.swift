import MixCore

/// How long a viewer's player is told to wait for pictures (the header extension `playout-delay`).
///
/// Of itself it keeps as little as what comes at once needs. On a path that loses packets those that are sent again come
/// later, and then several pictures at once, of which it shows the last: nothing is missing and yet it jerks.
struct PlayoutHint: Sendable {
  private static let unit = MediaTime.milliseconds(10)
  private static let unknownRoundTrip = MediaTime.milliseconds(100)
  /// Besides the round trip: until the next picture shows that one is missing, and until the browser asks.
  private static let detection = MediaTime.milliseconds(90)
  private static let longest = MediaTime.milliseconds(400)
  /// Browsers' own bound, ten seconds.
  private static let most: UInt32 = 1_000
  /// So many losses within so long are no accident. What is lost together is lost once.
  private static let leastLosses = 3
  private static let window = MediaTime.seconds(3)
  private static let together = MediaTime.milliseconds(60)
  private static let memory = MediaTime.milliseconds(2_500)
  /// How long it is repeated that nothing need be waited for any more; it may be lost, too.
  private static let farewell = MediaTime.seconds(5)

  private var losses: [MediaTime] = []
  private var end: MediaTime?

  /// The player misses a packet that was sent at `sent`, and can get it again.
  mutating func noteMissing(sent: MediaTime) {
    guard losses.last.map({ sent - $0 > Self.together }) ?? true else { return }
    losses.append(sent)
    guard losses.count >= Self.leastLosses else { return }
    if losses.count > Self.leastLosses { losses.removeFirst() }
    if sent - losses[0] < Self.window { end = sent + Self.memory }
  }

  /// What is written into a packet: least and most, twelve bits each; `nil` for nothing.
  func value(roundTrip: MediaTime?, now: MediaTime) -> UInt32? {
    guard let end, now < end + Self.farewell else { return nil }
    guard now < end else { return Self.most }
    let wait = (roundTrip ?? Self.unknownRoundTrip) + Self.detection
    // What would come too late all the same is not waited for.
    guard wait <= Self.longest else { return Self.most }
    return UInt32(wait.nanoseconds / Self.unit.nanoseconds) << 12 | Self.most
  }
}
