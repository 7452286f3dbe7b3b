import Signaling

/// Rooms that could be linked, and ways to link them.
enum LinkCast {
  static func room(_ name: String) -> LinkRoom {
    LinkRoom(id: name, title: "Room \(name)", host: Person(id: "host-\(name)", name: "Host \(name)"))
  }

  static func party(_ name: String, isLive: Bool = true, isStageOccupied: Bool = false) -> LinkParty {
    LinkParty(room: room(name), isLive: isLive, isStageOccupied: isStageOccupied)
  }

  static func host(_ name: String) -> Person { room(name).host }

  /// Rooms a, b, … in one active link “l”.
  static func linked(
    _ names: [String] = ["a", "b"], battle: Double? = nil, limits: LinkLimits = LinkLimits()
  ) throws -> LinkBook {
    var book = LinkBook(limits: limits)
    _ = try book.request(
      id: "l", from: party(names[0]), to: party(names[1]), battle: battle, by: host(names[0]), at: .zero)
    _ = try book.accept("l", as: party(names[1]), members: [party(names[0])], by: host(names[1]), at: .zero)
    for (number, name) in names.dropFirst(2).enumerated() {
      let now = Instant.seconds(3 * Double(number + 1))
      _ = try book.invite(party(name), into: "l", from: room(names[0]), by: host(names[0]), at: now)
      _ = try book.accept("l", as: party(name), members: [], by: host(name), at: now)
    }
    return book
  }
}

extension LinkBook {
  /// A battle that one room of the link “l” asks for and all others agree to.
  mutating func battle(_ duration: Double, by name: String, at now: Instant) throws -> [LinkAction] {
    var actions = try proposeBattle("l", duration: duration, as: LinkCast.room(name), by: LinkCast.host(name), at: now)
    for other in open["l"]?.proposal?.waiting.sorted() ?? [] {
      actions += try acceptBattle("l", as: LinkCast.room(other), by: LinkCast.host(other), at: now)
    }
    return actions
  }
}

extension Array where Element == LinkAction {
  func events(for room: String) -> [LinkEvent] {
    compactMap { action in
      if case .tell(room, _, let event) = action { event } else { nil }
    }
  }

  var joined: [[String]] {
    compactMap { action in
      if case .joined(let rooms) = action { rooms.map(\.id) } else { nil }
    }
  }

  var parted: [[String]] {
    compactMap { action in
      if case .parted(let rooms) = action { rooms } else { nil }
    }
  }
}
