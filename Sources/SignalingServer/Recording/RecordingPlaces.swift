import Synchronization

/// The rooms of each host in which something is recorded now: a recording that begins counts before the store has it.
final class RecordingPlaces: Sendable {
  private let rooms = Mutex<[String: Set<String>]>([:])

  /// Whether `host` records in fewer than `limit` other rooms; then `room` is one of them from now on.
  func take(_ room: String, of host: String, limit: Int) -> Bool {
    rooms.withLock { rooms in
      let others = rooms[host, default: []].subtracting([room])
      guard others.count < limit else { return false }
      rooms[host] = others.union([room])
      return true
    }
  }

  func giveBack(_ room: String, of host: String) {
    rooms.withLock { rooms in
      rooms[host]?.remove(room)
      if rooms[host]?.isEmpty == true { rooms[host] = nil }
    }
  }
}
