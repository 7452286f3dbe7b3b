/// A webhook as the API shows it.
struct WebhookBody: Encodable, Sendable {
  let id: String
  let url: String
  let events: [WebhookEventPattern]
  /// `nil` for all rooms.
  let rooms: [String]?
  let format: Webhook.Format
  let enabled: Bool
  /// Why the server switched it off.
  let reason: String?
  let createdAt: Int64
  /// Events that were thrown away because too many waited.
  let dropped: Int
  /// Only in the answer to its making.
  var secret: String?

  init(_ webhook: Webhook) {
    id = webhook.id
    url = webhook.url
    events = webhook.events
    rooms = webhook.rooms
    format = webhook.format
    enabled = webhook.isEnabled
    reason = webhook.reason
    createdAt = webhook.createdAt
    dropped = webhook.dropped
  }
}

/// One event on its way to one webhook, as the API shows it.
struct DeliveryBody: Encodable, Sendable {
  let id: String
  let event: String
  let type: String
  let room: String?
  let state: WebhookDelivery.State
  let attempts: Int
  let createdAt: Int64
  /// When it is tried next; only while it waits after a failure.
  let nextAttemptAt: Int64?
  let finishedAt: Int64?
  let status: Int?
  let reason: String?

  init(_ delivery: WebhookDelivery) {
    id = delivery.id
    event = delivery.event
    type = delivery.type
    room = delivery.room
    state = delivery.state
    attempts = delivery.attempts
    createdAt = delivery.createdAt
    nextAttemptAt = delivery.state == .pending && delivery.due > 0 ? delivery.due : nil
    finishedAt = delivery.finishedAt
    status = delivery.status
    reason = delivery.reason
  }
}

struct DeliveryListBody: Encodable, Sendable {
  let deliveries: [DeliveryBody]
  let next: String?

  private enum CodingKeys: CodingKey { case deliveries, next }

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(deliveries, forKey: .deliveries)
    try container.encode(next, forKey: .next)
  }
}
