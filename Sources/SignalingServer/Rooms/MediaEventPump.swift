import MediaControl
import ServiceLifecycle

/// Brings what happens in the media worker to the rooms.
struct MediaEventPump: Service {
  let events: AsyncStream<MediaEvent>
  let lanes: EventLanes
  let metrics: ServerMetrics

  func run() async throws {
    for await event in events.cancelOnGracefulShutdown() {
      metrics.update { $0.mediaEvents += 1 }
      await lanes.add(event)
    }
    metrics.update { $0.mediaIsDown = true }
    try await gracefulShutdown()
  }
}

/// The events of one room one after the other and in order, those of different rooms side by side.
actor EventLanes {
  private let handle: @Sendable (MediaEvent) async -> Void
  private let capacity: Int
  /// What waits behind the event that its room is busy with.
  private var waiting: [RoomID: [MediaEvent]] = [:]

  /// - Parameter capacity: of one room; beyond it news of a scene, a wish or an output replace older ones of the same.
  ///   What sessions and participants do is never lost; there are only so many of them.
  init(capacity: Int = 1_024, handle: @escaping @Sendable (MediaEvent) async -> Void) {
    self.capacity = capacity
    self.handle = handle
  }

  func add(_ event: MediaEvent) {
    let room = event.room
    guard let behind = waiting[room]?.count else {
      waiting[room] = []
      Task { await work(through: event) }
      return
    }
    if behind >= capacity, let subject = event.subject { waiting[room]?.removeAll { $0.subject == subject } }
    waiting[room]?.append(event)
  }

  private func work(through first: MediaEvent) async {
    var next: MediaEvent? = first
    while let event = next {
      await handle(event)
      next = waiting[event.room]?.isEmpty == false ? waiting[event.room]?.removeFirst() : nil
    }
    waiting[first.room] = nil
  }
}

extension MediaEvent {
  fileprivate enum Subject: Equatable {
    case scene
    case wish(UserID)
    case output(OutputID)
  }

  /// Of what only the latest event counts; `nil` where each one counts.
  fileprivate var subject: Subject? {
    switch self {
    case .sessionState, .participantMedia: nil
    case .sceneChanged: .scene
    case .videoWish(_, let user, _): .wish(user)
    case .outputState(_, let output, _, _): .output(output)
    }
  }
}
