import Signaling

/// The people and the moments most tests need.
enum Cast {
  static let host = Person(id: "host", name: "Ann")
  static let bob = Person(id: "bob", name: "Bob")
  static let eve = Person(id: "eve", name: "Eve")

  static let zoe = Person(id: "zoe", name: "Zoe")
  static let boss = Person(id: "boss", name: "Boss", isOperator: true)

  static func room(_ change: (inout RoomLimits) -> Void = { _ in }) -> Room {
    var limits = RoomLimits()
    change(&limits)
    return Room(id: "r", host: host, info: RoomInfo(title: "Show", layout: "pip"), limits: limits, at: .zero)
  }

  /// A room whose host publishes and is seen.
  static func liveRoom(_ change: (inout RoomLimits) -> Void = { _ in }) throws -> Room {
    var room = room(change)
    _ = try room.publishStarted(by: host, at: .zero)
    _ = room.mediaArrived(from: host.id, video: true, audio: true, at: .zero)
    return room
  }

  /// Brings `person` on stage with media.
  static func enter(_ person: Person, _ room: inout Room, at now: Instant = .zero) throws {
    _ = try room.apply(id: "a-\(person.id)", media: .video, by: person, at: now)
    _ = try room.answer(.accept, .application, id: "a-\(person.id)", by: host, at: now)
    _ = try room.publishStarted(by: person, at: now)
    _ = room.mediaArrived(from: person.id, video: true, audio: true, at: now)
  }
}

extension Room {
  /// Changes settings as the host.
  mutating func set(_ change: (inout SettingsChange) -> Void) throws -> [RoomAction] {
    var wanted = RoomChange()
    change(&wanted.settings)
    return try update(wanted, by: Cast.host, at: .zero)
  }
}

extension Array where Element == RoomAction {
  var events: [RoomEvent] {
    compactMap { action in
      if case .tell(_, let event) = action { event } else { nil }
    }
  }
}
