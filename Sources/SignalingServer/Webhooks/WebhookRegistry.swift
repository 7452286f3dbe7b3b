import Logging
import MediaControl

/// What operators and backends do with webhooks.
struct WebhookRegistry: Sendable {
  /// What can be changed of a webhook; `nil` leaves it as it is.
  struct Change: Sendable {
    var url: String?
    var events: [String]?
    /// Empty: of all rooms.
    var rooms: [String]?
    var format: Webhook.Format?
    var isEnabled: Bool?
  }

  let dispatcher: WebhookDispatcher
  private let store: any WebhookStore
  private let journal: WebhookJournal
  private let resolver: AddressResolver
  private let limits: WebhookLimits
  private let allowsPrivate: Bool

  init(
    store: any WebhookStore, journal: WebhookJournal, limits: WebhookLimits, allowsPrivate: Bool,
    resolver: AddressResolver = AddressResolver(), metrics: ServerMetrics, logger: Logger
  ) {
    self.store = store
    self.journal = journal
    self.resolver = resolver
    self.limits = limits
    self.allowsPrivate = allowsPrivate
    dispatcher = WebhookDispatcher(
      store: store, journal: journal,
      sender: WebhookSender(limits: limits, allowsPrivate: allowsPrivate, resolver: resolver), limits: limits,
      metrics: metrics, logger: logger)
  }

  /// Before the first room opens.
  func load() async throws { try await listen() }

  /// - Parameter confirm: whether who asks still may, now that the address was looked up.
  func create(_ wanted: Change, confirm: () throws(APIError) -> Void = {}) async throws -> Webhook {
    guard try await store.webhooks().count < limits.count else { throw APIError.webhookLimit }
    let blank = Webhook(
      id: RandomName.make("w_"), url: "", events: [], format: .standard, secret: RandomName.make("whsec_"),
      createdAt: ServerClock.wallMilliseconds())
    var wanted = wanted
    wanted.events = wanted.events ?? ["*"]
    let webhook = try await applied(wanted, to: blank)
    try confirm()
    try await store.addWebhook(webhook)
    try await listen()
    return webhook
  }

  var all: [Webhook] { get async throws { try await store.webhooks() } }

  func webhook(_ id: String) async throws -> Webhook {
    guard let webhook = try await store.webhook(id) else { throw APIError.webhookUnknown }
    return webhook
  }

  func update(_ id: String, _ wanted: Change, confirm: () throws(APIError) -> Void = {}) async throws -> Webhook {
    let webhook = try await applied(wanted, to: try await webhook(id))
    try confirm()
    try await store.updateWebhook(webhook)
    if !webhook.isEnabled {
      try await store.disableWebhook(
        id, reason: webhook.reason ?? "", at: ServerClock.wallMilliseconds(), keeping: limits.log)
      await dispatcher.forget(id)
    }
    try await listen()
    return webhook
  }

  func remove(_ id: String) async throws {
    _ = try await webhook(id)
    try await store.removeWebhook(id)
    await dispatcher.forget(id)
    try await listen()
  }

  func deliveries(
    of id: String, _ state: WebhookDelivery.State?, before cursor: Int64?, limit: Int
  ) async throws -> [WebhookDelivery] {
    _ = try await webhook(id)
    return try await store.deliveries(of: id, state, before: cursor, limit: limit)
  }

  /// Sends an event once more that was delivered, given up or dropped.
  func redeliver(_ delivery: String, of id: String) async throws -> WebhookDelivery {
    let webhook = try await webhook(id)
    guard let old = try await store.delivery(delivery, of: id) else { throw APIError.webhookDeliveryUnknown }
    if old.state == .pending { throw APIError.webhookDeliveryPending }
    return try await add(old.again, to: webhook)
  }

  /// Sends an event that says nothing, so that a receiver can be tried out.
  func test(_ id: String) async throws -> WebhookDelivery {
    let webhook = try await webhook(id)
    let event = WebhookEvent(.webhookTest, room: nil)
    return try await add(
      WebhookDelivery(of: event, body: try event.body, to: webhook, lane: event.lane), to: webhook)
  }

  private func add(_ delivery: WebhookDelivery, to webhook: Webhook) async throws -> WebhookDelivery {
    guard webhook.isEnabled else { throw APIError.webhookDisabled }
    try await store.addDelivery(delivery)
    journal.wake()
    return delivery
  }

  private func applied(_ wanted: Change, to old: Webhook) async throws -> Webhook {
    var webhook = old
    if let url = wanted.url { webhook.url = try await checked(url) }
    if let events = wanted.events { webhook.events = try patterns(events) }
    if let rooms = wanted.rooms {
      guard rooms.count <= limits.roomsEach, rooms.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 64 }) else {
        throw APIError.webhookRooms
      }
      webhook.rooms = rooms.isEmpty ? nil : rooms
    }
    webhook.format = wanted.format ?? webhook.format
    if let isEnabled = wanted.isEnabled { (webhook.isEnabled, webhook.reason) = (isEnabled, nil) }
    return webhook
  }

  /// Refuses at once what would be refused at every try.
  private func checked(_ text: String) async throws -> String {
    let url = try WebhookURL(text, allowsPlain: allowsPrivate)
    let addresses = try await resolver.addresses(of: url.host, until: .now + .seconds(limits.timeout))
    guard allowsPrivate || addresses.allSatisfy(PublicAddress.includes) else { throw APIError.webhookPrivate }
    return text
  }

  private func patterns(_ texts: [String]) throws -> [WebhookEventPattern] {
    let patterns = texts.compactMap(WebhookEventPattern.init)
    guard !patterns.isEmpty, patterns.count == texts.count, patterns.count <= WebhookEventType.allCases.count else {
      throw APIError.webhookEvents
    }
    return patterns
  }

  private func listen() async throws {
    journal.listen(try await store.webhooks().contains(where: \.isEnabled))
  }
}
