import Signaling

/// Something that clients are told from time to time: what they heard last, and since when it is not so any more.
struct Told<Value: Equatable> {
  var value: Value
  private var wrongSince: Instant?

  init(_ value: Value) { self.value = value }

  mutating func compare(with real: Value, isNew: Bool, at now: Instant) {
    if isNew { wrongSince = nil }
    wrongSince = value == real ? nil : wrongSince ?? now
  }

  func isLate(_ seconds: Double, at now: Instant) -> Bool {
    wrongSince.map { $0.advanced(bySeconds: seconds) <= now } ?? false
  }
}

/// The audience as the model counts it.
struct ModelAudience {
  /// Sockets, and streams of the programme.
  private(set) var (sockets, streams) = ([String: Int](), [String: Int]())
  var viewers = Told(0)
  var places = Told([String: Int]())

  mutating func enter(_ user: String) { sockets[user, default: 0] += 1 }
  mutating func leave(_ user: String) { Self.drop(user, &sockets) }
  mutating func watch(_ viewer: String) { streams[viewer, default: 0] += 1 }
  mutating func unwatch(_ viewer: String) { Self.drop(viewer, &streams) }

  private static func drop(_ key: String, _ counts: inout [String: Int]) {
    counts[key] = counts[key].flatMap { $0 > 1 ? $0 - 1 : nil }
  }

  func viewers(of room: Room) -> Int {
    Set(sockets.keys).union(streams.keys).subtracting(room.seats.map(\.user.id) + [room.host.id]).count
  }
}

extension RoomModel {
  /// Viewers are who they are, and everybody soon knows how many, and his place in the queue.
  mutating func checkTelling(_ operation: RoomOperation, _ actions: [RoomAction]) {
    let (viewers, expected) = (room.viewers, audience.viewers(of: room))
    require(viewers == expected, "\(viewers) viewers, not \(expected)")
    checkViewerCount(actions)
    checkPlaces(actions)
    guard operation == .advance, room.status != .ended else { return }
    require(!audience.viewers.isLate(room.limits.viewerCountInterval, at: now), "viewers changed, and nobody was told")
    require(!audience.places.isLate(room.limits.queueInterval, at: now), "a place changed, and nobody was told")
  }

  private mutating func checkViewerCount(_ actions: [RoomAction]) {
    var isNew = false
    for case .tell(.everyone, .viewerCount(let count)) in actions { (audience.viewers.value, isNew) = (count, true) }
    require(!isNew || audience.viewers.value == room.viewers, "a wrong number of viewers was told")
    audience.viewers.compare(with: room.viewers, isNew: isNew, at: now)
  }

  private mutating func checkPlaces(_ actions: [RoomAction]) {
    let queue = room.pending.filter { $0.origin == .application }.map(\.id)
    let real = Dictionary(uniqueKeysWithValues: zip(queue, 1...))
    var isNew = false
    for case .tell(_, let event) in actions {
      switch event {
      case .requestCreated(let request): audience.places.value[request.id] = real[request.id]
      case .requestChanged(let request): (audience.places.value[request.id], isNew) = (real[request.id], true)
      case .requestUpdated(let request): audience.places.value[request.id] = nil
      default: break
      }
    }
    audience.places.compare(with: real, isNew: isNew, at: now)
  }
}
