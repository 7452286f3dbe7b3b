import Logging
import ServiceLifecycle

/// Brings what the journal holds to its receivers while the server runs; what is left waits for the next start.
actor WebhookDispatcher: Service {
  private let store: any WebhookStore
  private let journal: WebhookJournal
  private let sender: WebhookSender
  private let limits: WebhookLimits
  private let metrics: ServerMetrics
  private let logger: Logger
  private var queues: [String: DeliveryQueue] = [:]
  private var tries: [Int64: Task<Void, Never>] = [:]
  private var lastTaken: Int64 = 0
  /// What did not fit into its queue, and the store has not heard of yet.
  private var overflow: [String: [Int64]] = [:]
  /// What a newer event has replaced, and the store has not heard of yet.
  private var outdated: [Int64] = []
  private var finished: [String: Int] = [:]
  private var alarm: Task<Void, any Error>?

  init(
    store: any WebhookStore, journal: WebhookJournal, sender: WebhookSender, limits: WebhookLimits,
    metrics: ServerMetrics, logger: Logger
  ) {
    self.store = store
    self.journal = journal
    self.sender = sender
    self.limits = limits
    self.metrics = metrics
    self.logger = logger
  }

  /// Begins nothing new once the server stops. What is under way has a little time, and is else sent again later.
  func run() async throws {
    journal.wake()
    for await _ in journal.wakeups.cancelOnGracefulShutdown() { await beginWhatIsDue() }
    alarm?.cancel()
    let underWay = Array(tries.values)
    await withTimeLimit(.seconds(limits.drain), late: ()) { for attempt in underWay { await attempt.value } }
    for attempt in tries.values { attempt.cancel() }
  }

  /// A webhook that is gone or switched off: nothing more is sent to it.
  func forget(_ webhook: String) async {
    queues[webhook] = nil
    (finished[webhook], overflow[webhook]) = (nil, nil)
    await sender.forget(webhook)
  }

  private func beginWhatIsDue() async {
    let isComplete = await takeNew()
    let now = ServerClock.wallMilliseconds()
    for webhook in queues.keys {
      for item in queues[webhook]?.begin(at: now, limit: limits.concurrency) ?? [] {
        tries[item.sequence] = Task { await self.attempt(item, to: webhook) }
      }
      if queues[webhook]?.count == 0 { queues[webhook] = nil }
    }
    metrics.update { [queues] in $0.webhookBacklog = queues.values.reduce(0) { $0 + $1.count } }
    setAlarm(at: now, isComplete ? nil : now + Self.storePause)
  }

  /// Milliseconds until a store that has failed is asked again.
  private static let storePause: Int64 = 1_000

  private func setAlarm(at now: Int64, _ atLatest: Int64?) {
    alarm?.cancel()
    let due = (queues.values.compactMap(\.nextDue).filter { $0 > now } + [atLatest].compactMap(\.self)).min()
    alarm = due.map { due in
      Task { [journal] in
        try await Task.sleep(for: .milliseconds(due - now))
        journal.wake()
      }
    }
  }

  // MARK: Taking

  /// Whether the store had no trouble.
  private func takeNew() async -> Bool {
    do {
      while case let batch = try await store.pendingDeliveries(after: lastTaken, limit: 1_000), !batch.isEmpty {
        // The whole batch before the next pause: whatever fails then, nothing of it is forgotten or taken twice.
        for waiting in batch { add(waiting) }
        lastTaken = batch.last?.item.sequence ?? lastTaken
      }
      try await forgetOutdated()
      try await dropOverflow()
      return true
    } catch is CancellationError {
      // The server stops before it has begun.
      return true
    } catch {
      logger.error("Webhook events could not be read.", metadata: ["error": "\(error)"])
      return false
    }
  }

  private func add(_ waiting: WebhookDelivery.Waiting) {
    var queue = queues[waiting.webhook] ?? DeliveryQueue(schedule: limits.retry, capacity: limits.queue)
    queues[waiting.webhook] = nil  // The only copy, which is changed in place.
    switch queue.add(waiting.item) {
    case .dropped(let item): overflow[waiting.webhook, default: []].append(item.sequence)
    case .outdated(let item): outdated.append(item.sequence)
    case nil: break
    }
    queues[waiting.webhook] = queue
  }

  private func forgetOutdated() async throws {
    let gone = outdated
    if gone.isEmpty { return }
    try await store.forgetPending(gone)
    outdated.removeFirst(gone.count)
    metrics.update { $0.webhooks["replaced", default: 0] += gone.count }
  }

  private func dropOverflow() async throws {
    for (webhook, dropped) in overflow {
      try await store.dropDeliveries(
        dropped, of: webhook, at: ServerClock.wallMilliseconds(), keeping: limits.log)
      overflow[webhook] = nil
      metrics.update { $0.webhooks["dropped", default: 0] += dropped.count }
    }
  }

  // MARK: Trying

  private func attempt(_ item: DeliveryQueue.Item, to id: String) async {
    do {
      if let webhook = try await store.webhook(id), webhook.isEnabled,
        var delivery = try await store.delivery(item.sequence), delivery.state == .pending
      {
        delivery.attempts = item.attempts
        let answer = await sender.send(delivery, to: webhook)
        // A try that the end of the server has cut off says nothing about the receiver.
        if !Task.isCancelled { try await conclude(item, delivery, with: answer) }
      } else {
        _ = finish(item, of: id, .hopeless)
      }
    } catch {
      logger.error("A webhook event could not be stored.", metadata: ["webhook": "\(id)", "error": "\(error)"])
      _ = finish(item, of: id, .refused)
    }
    tries[item.sequence] = nil
    journal.wake()
  }

  private func finish(_ item: DeliveryQueue.Item, of webhook: String, _ outcome: DeliveryQueue.Outcome)
    -> DeliveryQueue.Verdict
  {
    let now = ServerClock.wallMilliseconds()
    return queues[webhook]?.finish(item, outcome, at: now, jitter: .random(in: 0...1)) ?? .givenUp
  }

  private func conclude(
    _ item: DeliveryQueue.Item, _ delivery: WebhookDelivery, with answer: WebhookAnswer
  ) async throws {
    let outcome: DeliveryQueue.Outcome = answer.isTaken ? .taken : answer.isFinal ? .hopeless : .refused
    let verdict = finish(item, of: delivery.webhook, outcome)
    try await store.updateDelivery(delivery.concluded(verdict, answer, at: ServerClock.wallMilliseconds()))
    metrics.update { $0.webhooks[verdict.name, default: 0] += 1 }
    if answer.isFinal { try await switchOff(delivery.webhook) }
    try await keepLogShort(delivery.webhook)
  }

  private func switchOff(_ webhook: String) async throws {
    try await store.disableWebhook(
      webhook, reason: "webhook.gone: The receiver answered 410.", at: ServerClock.wallMilliseconds(),
      keeping: limits.log)
    await forget(webhook)
    journal.listen(try await store.webhooks().contains(where: \.isEnabled))
  }

  private func keepLogShort(_ webhook: String) async throws {
    finished[webhook, default: 0] += 1
    guard finished[webhook, default: 0] % 50 == 0 else { return }
    try await store.pruneDeliveries(of: webhook, keeping: limits.log)
  }
}

extension DeliveryQueue.Verdict {
  fileprivate var name: String {
    switch self {
    case .delivered: "delivered"
    case .retry: "retried"
    case .givenUp: "failed"
    }
  }
}

extension WebhookDelivery {
  /// As it is after a try.
  func concluded(_ verdict: DeliveryQueue.Verdict, _ answer: WebhookAnswer, at now: Int64) -> WebhookDelivery {
    var result = self
    result.attempts += 1
    (result.status, result.reason) = (answer.status, answer.reason)
    switch verdict {
    case .delivered: (result.state, result.finishedAt) = (.delivered, now)
    case .retry(let due): result.due = due
    case .givenUp: (result.state, result.finishedAt) = (.failed, now)
    }
    return result
  }
}
