/// Webhooks and what is on its way to them. Every call returns after the change is durable.
protocol WebhookStore: Sendable {
  func addWebhook(_ webhook: Webhook) async throws
  func updateWebhook(_ webhook: Webhook) async throws
  /// With everything on its way to it.
  func removeWebhook(_ id: String) async throws
  func webhook(_ id: String) async throws -> Webhook?
  /// Oldest first.
  func webhooks() async throws -> [Webhook]
  /// Refuses further events, and drops those that wait. `kept` finished deliveries are remembered.
  func disableWebhook(_ id: String, reason: String, at now: Int64, keeping kept: Int) async throws

  /// One delivery for each webhook that wants the event.
  func journal(_ events: [WebhookEvent]) async throws
  func addDelivery(_ delivery: WebhookDelivery) async throws
  /// Pending ones after `sequence`, in order.
  func pendingDeliveries(after sequence: Int64, limit: Int) async throws -> [WebhookDelivery.Waiting]
  func delivery(_ sequence: Int64) async throws -> WebhookDelivery?
  func delivery(_ id: String, of webhook: String) async throws -> WebhookDelivery?
  /// Newest first, only those before `cursor`.
  func deliveries(
    of webhook: String, _ state: WebhookDelivery.State?, before cursor: Int64?, limit: Int
  ) async throws -> [WebhookDelivery]
  func updateDelivery(_ delivery: WebhookDelivery) async throws
  /// Pending ones, which nothing is left of.
  func forgetPending(_ sequences: [Int64]) async throws
  /// Too many wait; `kept` finished ones are remembered.
  func dropDeliveries(_ sequences: [Int64], of webhook: String, at now: Int64, keeping kept: Int) async throws
  /// Forgets the oldest finished ones beyond `kept`.
  func pruneDeliveries(of webhook: String, keeping kept: Int) async throws
}

extension WebhookDelivery {
  /// What the queue needs to know.
  struct Waiting: Sendable {
    let webhook: String
    let item: DeliveryQueue.Item
  }
}
