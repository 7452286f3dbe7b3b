import MediaControl
import Signaling

extension LiveRoom {
  /// Outputs are shown to those alone who see them anyway.
  func stats(for person: Person?) async throws(APIError) -> RoomStats {
    guard opening != nil else { return .empty }
    var stats = try await statistics.value { try await self.askForStats() }
    if person.map({ room.allows(.manageOutputs, to: $0, at: now) }) != true { stats.outputs = [] }
    return stats
  }

  private func askForStats() async throws(APIError) -> RoomStats {
    guard case .stats(let stats) = try await perform(.roomStats(id)) else { throw .mediaUnavailable }
    return stats
  }
}

extension RoomStats {
  static let empty = RoomStats(
    framesComposed: 0, ticksMissed: 0, viewers: 0, participants: [], outputs: [], latency: [:])
}
