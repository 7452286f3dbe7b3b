import MediaControl
import Signaling

/// What the worker said last about a room's media: one answer serves all who ask before it has come and a moment after,
/// so that strangers cannot keep the worker busy with questions.
struct SharedStatistics {
  /// Seconds.
  static let freshness = 0.2

  var latest: (stats: RoomStats, at: Instant)?
  /// A question that is under way.
  var question: Task<RoomStats, any Error>?
}

extension LiveRoom {
  /// Outputs are shown to those alone who see them anyway.
  func stats(for person: Person?) async throws(APIError) -> RoomStats {
    guard opening != nil else { return .empty }
    var stats = try await sharedStats()
    if person.map({ room.allows(.manageOutputs, to: $0, at: now) }) != true { stats.outputs = [] }
    return stats
  }

  private func sharedStats() async throws(APIError) -> RoomStats {
    if let known = statistics.latest, now.seconds(since: known.at) < SharedStatistics.freshness { return known.stats }
    let question = statistics.question ?? Task { try await self.askForStats() }
    statistics.question = question
    do {
      return try await question.value
    } catch {
      throw error as? APIError ?? .mediaUnavailable
    }
  }

  private func askForStats() async throws -> RoomStats {
    defer { statistics.question = nil }
    guard case .stats(let stats) = try await perform(.roomStats(id)) else { throw APIError.mediaUnavailable }
    statistics.latest = (stats, now)
    return stats
  }
}

extension RoomStats {
  static let empty = RoomStats(
    framesComposed: 0, ticksMissed: 0, viewers: 0, participants: [], outputs: [], latency: [:])
}
