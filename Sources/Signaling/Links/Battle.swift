/// A contest for the audience's gifts and likes between the rooms of a link.
public struct Battle: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    case running(until: Instant)
    /// The result is known; the loser has to do what was agreed.
    case punishment(until: Instant)
    case over
  }

  /// Points beyond this are not counted: nothing that is shown needs them, and no sum can overflow.
  public static let maximumScore = 1_000_000_000_000

  public let duration: Double
  public internal(set) var state: State
  /// Of every room that was in the link when it began, also of those that have left since.
  public internal(set) var scores: [String: Int]
  /// `nil` until the result is known, and for a draw.
  public internal(set) var winner: String?
  /// When the scores are told next, if they have changed.
  var scoresDue: Instant?
  var scoresTold: Instant

  init(duration: Double, rooms: [String], at now: Instant) {
    self.duration = duration
    state = .running(until: now.advanced(bySeconds: duration))
    scores = Dictionary(uniqueKeysWithValues: rooms.map { ($0, 0) })
    scoresTold = now
  }

  public var isRunning: Bool {
    if case .running = state { true } else { false }
  }

  /// When the present part ends by itself.
  public var deadline: Instant? {
    switch state {
    case .running(let until), .punishment(let until): until
    case .over: nil
    }
  }

  mutating func add(_ points: Int, to room: String, at now: Instant, interval: Double) {
    guard case .running(let until) = state, now < until, points > 0, let score = scores[room] else { return }
    scores[room] = score + min(points, Self.maximumScore - score)
    if scoresDue == nil { scoresDue = max(now, scoresTold.advanced(bySeconds: interval)) }
  }

  /// The best of `contestants` wins, unless two of them are equal.
  mutating func decide(among contestants: [String], punishment: Double, at now: Instant) {
    let best = contestants.compactMap { scores[$0] }.max()
    let leaders = contestants.filter { scores[$0] == best }
    winner = leaders.count == 1 ? leaders[0] : nil
    scoresDue = nil
    state = punishment > 0 ? .punishment(until: now.advanced(bySeconds: punishment)) : .over
  }
}
