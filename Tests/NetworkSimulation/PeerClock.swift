public import MixCore

/// A clock of its own for one peer: it began elsewhere and runs a little too fast or too slow.
public struct PeerClock: Sendable, Equatable {
  /// What it shows when the true time is zero.
  public var offset: MediaTime
  /// How much faster than true time it runs.
  public var partsPerMillion: Double

  public init(offset: MediaTime = .zero, partsPerMillion: Double = 0) {
    self.offset = offset
    self.partsPerMillion = partsPerMillion
  }

  /// What it shows at the true time `time`.
  public func reading(at time: MediaTime) -> MediaTime {
    guard partsPerMillion != 0 else { return time + offset }
    return MediaTime(seconds: time.seconds * (1 + partsPerMillion / 1e6)) + offset
  }

  /// The true time at which it shows `reading`, rounded up so that it is not asked too early.
  public func time(of reading: MediaTime) -> MediaTime {
    guard partsPerMillion != 0, reading < .distantFuture else { return reading - offset }
    return MediaTime(seconds: (reading - offset).seconds / (1 + partsPerMillion / 1e6)) + .microseconds(2)
  }
}
