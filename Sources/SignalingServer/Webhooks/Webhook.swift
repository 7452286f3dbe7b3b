/// A receiver of events.
struct Webhook: Sendable, Equatable {
  enum Format: String, Sendable, Codable {
    /// Signed by header.
    case standard
    /// Signed by header and, for receivers made for older live platforms, by the fields `t` and `sign` of the body.
    case legacy
  }

  let id: String
  var url: String
  var events: [WebhookEventPattern]
  /// Only of these rooms; `nil` for all.
  var rooms: [String]?
  var format: Format
  /// Signs the messages. Shown once, when it is made.
  let secret: String
  var isEnabled = true
  /// Why the server switched it off.
  var reason: String?
  /// Milliseconds since 1970.
  let createdAt: Int64
  /// Events that were thrown away because too many waited.
  var dropped = 0

  func wants(_ event: WebhookEvent) -> Bool {
    guard isEnabled, events.contains(where: { $0.matches(event.type) }) else { return false }
    guard let rooms else { return true }
    return event.room.map { rooms.contains($0.id) } ?? false
  }
}

/// One event on its way to one webhook.
struct WebhookDelivery: Sendable, Equatable {
  enum State: String, Sendable, Codable, CaseIterable {
    case pending, delivered
    /// Given up.
    case failed
    /// Thrown away: too many waited, or the webhook was switched off.
    case dropped
  }

  /// Grows with every delivery; the store gives it.
  var sequence: Int64 = 0
  let id: String
  let webhook: String
  let lane: String
  let event: String
  let type: String
  let room: String?
  let body: String
  let createdAt: Int64
  var state = State.pending
  var attempts = 0
  var due: Int64 = 0
  var finishedAt: Int64?
  /// Of the last answer.
  var status: Int?
  /// What went wrong last.
  var reason: String?
}

extension WebhookDelivery {
  init(of event: WebhookEvent, body: String, to webhook: Webhook, lane: String) {
    self.init(
      id: RandomName.make("del_"), webhook: webhook.id, lane: lane, event: event.id, type: event.type.rawValue,
      room: event.room?.id, body: body, createdAt: event.createdAt)
  }

  /// The same event once more, waiting for nothing else.
  var again: WebhookDelivery {
    let id = RandomName.make("del_")
    return WebhookDelivery(
      id: id, webhook: webhook, lane: id, event: event, type: type, room: room, body: body,
      createdAt: ServerClock.wallMilliseconds())
  }
}
