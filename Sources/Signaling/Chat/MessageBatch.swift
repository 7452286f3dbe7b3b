/// Messages and gifts that wait to be told together.
struct MessageBatch: Sendable, Equatable {
  private(set) var messages: [ChatMessage] = []
  private(set) var gifts: [GiftNews] = []
  private var earliest: Instant?

  /// When they go out; `nil` when there is nothing.
  var due: Instant? { messages.isEmpty && gifts.isEmpty ? nil : earliest ?? .zero }

  mutating func add(_ message: ChatMessage) { messages.append(message) }

  /// Whether gifts of this message are waiting already.
  func tells(of message: String) -> Bool { gifts.contains { $0.message == message } }

  /// Whether the news needed a place of their own.
  mutating func add(_ news: GiftNews) -> Bool {
    if let index = gifts.lastIndex(where: { $0.message == news.message }) {
      gifts[index].count += news.count
      gifts[index].combo = news.combo
      return false
    }
    gifts.append(news)
    return true
  }

  mutating func remove(_ id: String) {
    messages.removeAll { $0.id == id }
    gifts.removeAll { $0.message == id }
  }

  /// Everything, if it is time.
  mutating func take(at now: Instant, interval: Double) -> [ChatEvent] {
    guard due != nil, earliest.map({ $0 <= now }) ?? true else { return [] }
    earliest = now.advanced(bySeconds: interval)
    let events = (messages.isEmpty ? [] : [ChatEvent.messages(messages)]) + gifts.map(ChatEvent.gift)
    messages.removeAll()
    gifts.removeAll()
    return events
  }
}
