public import MixCore

/// When an output connects, sends, waits and gives up. Whoever drives it does what the returned action says and reports
/// back what came of it.
///
///     idle ─start─► connecting ─connected─► live ─failed─► retrying ─timer─► connecting …
///                        └─failed─► retrying │ failed           any ─stop─► stopped
public struct PushStateMachine: Sendable {
  public enum State: Sendable, Equatable {
    case idle
    case connecting
    case live
    case retrying(OutputError)
    /// Final: another attempt cannot do better.
    case failed(OutputError)
    case stopped
  }

  public enum Action: Sendable, Equatable {
    /// Open the destination; report `connected` or `failed`.
    case connect(deadline: MediaTime)
    /// Send packets from the next key frame on; report `failed` when that ends.
    case send
    /// Call `timer` at this time.
    case wait(until: MediaTime)
    /// Nothing will ever be done again.
    case end
  }

  public private(set) var state = State.idle
  private let retries: Bool
  /// Attempts since the last connection that lasted.
  private var attempts = 0
  private var refusals = 0
  private var liveSince = MediaTime.zero

  private static let connectTimeout = MediaTime.seconds(10)
  private static let firstDelay = MediaTime.seconds(1)
  private static let longestDelay = MediaTime.seconds(30)
  /// A connection that lasted this long was a good one: the next failure starts with the shortest delay again.
  private static let lastingConnection = MediaTime.seconds(30)
  /// One that ended sooner was not meant to be.
  private static let shortestConnection = MediaTime.seconds(5)
  /// A server that says no so often, over a minute, means it. Before, the stream key may still have been in use by the
  /// connection that was lost.
  private static let refusalLimit = 7

  /// - Parameter retries: `false` for a file, which a second attempt would overwrite.
  public init(retries: Bool) { self.retries = retries }

  public mutating func start(at now: MediaTime) -> Action {
    guard state == .idle else { return .end }
    return connect(at: now)
  }

  public mutating func connected(at now: MediaTime) -> Action {
    guard state == .connecting else { return .end }
    state = .live
    liveSince = now
    return .send
  }

  public mutating func failed(_ error: OutputError, at now: MediaTime) -> Action {
    guard state == .connecting || state == .live else { return .end }
    if state == .live, now - liveSince >= Self.lastingConnection { attempts = 0 }
    refusals = isRefusal(error, at: now) ? refusals + 1 : 0
    guard retries, !error.isPermanent, refusals < Self.refusalLimit else {
      state = .failed(error)
      return .end
    }
    state = .retrying(error)
    attempts += 1
    return .wait(until: now + Self.delay(afterAttempt: attempts))
  }

  public mutating func timer(at now: MediaTime) -> Action {
    guard case .retrying = state else { return .end }
    return connect(at: now)
  }

  public mutating func stop() -> Action {
    state = .stopped
    return .end
  }

  private mutating func connect(at now: MediaTime) -> Action {
    state = .connecting
    return .connect(deadline: now + Self.connectTimeout)
  }

  /// Some servers say no by closing the connection right after they let it be made.
  private func isRefusal(_ error: OutputError, at now: MediaTime) -> Bool {
    switch error {
    case .refused: true
    case .connectionLost: state == .live && now - liveSince < Self.shortestConnection
    default: false
    }
  }

  /// 1, 2, 4, … up to 30 seconds.
  private static func delay(afterAttempt attempt: Int) -> MediaTime {
    min(firstDelay * (1 << Int64(min(attempt - 1, 10))), longestDelay)
  }
}
