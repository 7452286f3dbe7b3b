import MediaControl
import MixCore

/// Which rooms show each other's hosts.
struct LinkTable: Sendable {
  struct Group: Sendable, Equatable {
    var rooms: [LinkedRoom]
    var layout: Layout
  }

  /// What a room belongs to now; `nil`: it stands alone.
  typealias Changes = [RoomID: Group?]

  private var groups: [RoomID: Group] = [:]

  /// These rooms belong together, and to nobody else.
  /// - Returns: every room for which something is different now.
  mutating func link(_ rooms: [LinkedRoom], layout: Layout) -> Changes {
    let group = Group(rooms: rooms, layout: layout)
    let former = rooms.flatMap { groups[$0.room]?.rooms ?? [] }
    var changes: Changes = [:]
    for other in former where !rooms.contains(where: { $0.room == other.room }) {
      groups[other.room] = nil
      changes[other.room] = .some(nil)
    }
    for room in rooms where groups[room.room] != group {
      groups[room.room] = group
      changes[room.room] = group
    }
    return changes
  }

  /// These rooms stand alone; those that were linked with them stay together if there are two.
  mutating func unlink(_ rooms: [RoomID]) -> Changes {
    var changes: Changes = [:]
    for room in rooms {
      guard var rest = groups.removeValue(forKey: room) else { continue }
      changes[room] = .some(nil)
      rest.rooms.removeAll { $0.room == room }
      for other in rest.rooms {
        groups[other.room] = rest.rooms.count > 1 ? rest : nil
        changes[other.room] = groups[other.room]
      }
    }
    return changes
  }
}

/// What becomes of one room's programme.
struct LinkChange: Sendable {
  /// The programme changes with its first tick from here on: the same instant for all rooms of a link.
  var instant: MediaTime
  /// `nil`: the room stands alone.
  var group: LinkTable.Group?
}
