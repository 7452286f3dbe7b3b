/// Messages that wait to be told together.
struct MessageBatch: Sendable, Equatable {
  private(set) var messages: [ChatMessage] = []
  /// When everybody may be told something again.
  var earliest = Instant.zero

  mutating func add(_ message: ChatMessage) { messages.append(message) }

  mutating func remove(_ id: String) { messages.removeAll { $0.id == id } }

  mutating func takeAll() -> [ChatMessage] {
    defer { messages.removeAll() }
    return messages
  }
}
