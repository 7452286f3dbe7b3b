import Signaling

/// Orders of rooms by how many people they attract. Each is kept for a while, so that its pages neither repeat nor lose
/// rooms while the audience moves.
struct RoomRankings {
  struct Ranking {
    let number: Int
    /// Of the rooms that are over, which change no more; else of all others.
    let isOfEnded: Bool
    let rooms: [String]
    let made: Instant
  }

  /// A place in one of them.
  struct Cursor {
    let ranking: Int
    let offset: Int

    init(ranking: Int, offset: Int) {
      self.ranking = ranking
      self.offset = offset
    }

    init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let ranking = Int(parts[0]), let offset = Int(parts[1]), ranking > 0, offset >= 0 else {
        return nil
      }
      self.init(ranking: ranking, offset: offset)
    }

    var text: String { "\(ranking).\(offset)" }
  }

  /// Seconds for which one is good for new questions, and for pages of old ones.
  static let freshness = 2.0
  private let lifetime = 60.0
  /// As many as are made in the time that one is kept.
  private let capacity = 64
  private var kept: [Ranking] = []
  private var count = 0

  subscript(number: Int) -> Ranking? { kept.first { $0.number == number } }

  mutating func add(_ rooms: [String], ofEnded isOfEnded: Bool, at now: Instant) -> Ranking {
    kept.removeAll { now.seconds(since: $0.made) >= lifetime }
    if kept.count >= capacity { kept.removeFirst() }
    count += 1
    let ranking = Ranking(number: count, isOfEnded: isOfEnded, rooms: rooms, made: now)
    kept.append(ranking)
    return ranking
  }
}
