import Synchronization

/// Where everything that happens is written down for the webhooks. Costs nothing while there are none.
final class WebhookJournal: Sendable {
  /// Of a server without webhooks.
  static let silent = WebhookJournal(store: nil)

  private let store: (any WebhookStore)?
  private let isListening = Atomic(false)
  private let wakes: AsyncStream<Void>.Continuation
  /// Says that there may be something to deliver.
  let wakeups: AsyncStream<Void>

  init(store: (any WebhookStore)?) {
    self.store = store
    (wakeups, wakes) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Whether any webhook takes events: who is about to make one asks first.
  var isWanted: Bool { isListening.load(ordering: .relaxed) }

  func listen(_ isWanted: Bool) { isListening.store(isWanted, ordering: .relaxed) }

  /// Makes events durable where nothing else is stored with them. Where something is, they go into its transaction
  /// (`SQLiteStore.journal`), and `wake` is called afterwards.
  func record(_ events: [WebhookEvent]) async throws {
    guard let store, isWanted, !events.isEmpty else { return }
    try await store.journal(events)
    wake()
  }

  func wake() { wakes.yield() }
}
