/// Everything a webhook can be told, by the name in its messages.
enum WebhookEventType: String, Sendable, Codable, CaseIterable {
  case roomCreated = "room.created"
  case roomLive = "room.live"
  case roomWaiting = "room.waiting"
  case roomEnded = "room.ended"
  case roomUpdated = "room.updated"
  case roomWarned = "room.warned"
  case stageApplied = "stage.applied"
  case stageJoined = "stage.joined"
  case stageLeft = "stage.left"
  case stageReconnecting = "stage.reconnecting"
  case linkStarted = "link.started"
  case linkEnded = "link.ended"
  case battleOver = "battle.over"
  case outputConnecting = "output.connecting"
  case outputLive = "output.live"
  case outputRetrying = "output.retrying"
  case outputFailed = "output.failed"
  case outputRemoved = "output.removed"
  case recordStarted = "record.started"
  case recordEnded = "record.ended"
  case recordFailed = "record.failed"
  case recordDeleted = "record.deleted"
  case chatBanned = "chat.banned"
  case chatMuted = "chat.muted"
  /// Sent on request only, whatever the webhook has subscribed to.
  case webhookTest = "webhook.test"
}

/// Which events a webhook wants: a name, all of one area (`room.*`), or `*`.
struct WebhookEventPattern: Sendable, Equatable, Codable {
  let text: String

  /// Refuses what could never match.
  init?(_ text: String) {
    let known = WebhookEventType.allCases.map(\.rawValue)
    let isArea = text.hasSuffix(".*") && known.contains { $0.hasPrefix(text.dropLast()) }
    guard text == "*" || isArea || known.contains(text) else { return nil }
    self.text = text
  }

  func matches(_ type: WebhookEventType) -> Bool {
    if text == "*" || text == type.rawValue { return true }
    return text.hasSuffix(".*") && type.rawValue.hasPrefix(text.dropLast())
  }

  init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
