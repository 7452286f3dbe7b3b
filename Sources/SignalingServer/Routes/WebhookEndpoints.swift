import HTTPTypes
import Hummingbird

/// Webhooks and their deliveries.
struct WebhookEndpoints: Sendable {
  let webhooks: WebhookRegistry

  private struct WebhookRequest: Decodable {
    let url: String
    let events: [String]?
    let rooms: [String]?
    let format: Webhook.Format?
  }
  private struct WebhookPatch: Decodable {
    let url: String?
    let events: [String]?
    let rooms: [String]?
    let format: Webhook.Format?
    let enabled: Bool?
  }

  var all: [Endpoint] { webhook + deliveries }

  private static let formErrors: [APIError] = [
    .webhookURL, .webhookPrivate, .webhookUnresolved, .webhookEvents, .webhookRooms,
  ]

  private var webhook: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/webhooks", .backend, .webhooks, "Makes a receiver of events; its secret is shown here only.",
        body: .json(.webhookRequest), answers: [.created(.newWebhook)], errors: Self.formErrors + [.webhookLimit],
        handler: create),
      Endpoint(
        .get, "/api/v1/webhooks", .backend, .webhooks, "Lists webhooks, the oldest first.",
        answers: [.ok(.webhookList)], handler: list),
      Endpoint(
        .get, "/api/v1/webhooks/{id}", .backend, .webhooks, "Shows a webhook.", answers: [.ok(.webhook)],
        errors: [.webhookUnknown], handler: show),
      Endpoint(
        .patch, "/api/v1/webhooks/{id}", .backend, .webhooks,
        "Changes a webhook. Switching it off drops what waits for it.", body: .json(.webhookChange),
        answers: [.ok(.webhook)], errors: Self.formErrors + [.webhookUnknown], handler: change),
      Endpoint(
        .delete, "/api/v1/webhooks/{id}", .backend, .webhooks, "Removes a webhook and its deliveries.",
        answers: [.noContent], errors: [.webhookUnknown], handler: remove),
      Endpoint(
        .post, "/api/v1/webhooks/{id}/test", .backend, .webhooks, "Sends an event that says nothing.",
        answers: [.accepted(.delivery)], errors: [.webhookUnknown, .webhookDisabled], handler: test),
    ]
  }

  private var deliveries: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/webhooks/{id}/deliveries", .backend, .webhooks, "Lists deliveries, the newest first.",
        query: SequencePage.query + [
          .optional("state", .choice(WebhookDelivery.State.allCases.map(\.rawValue)))
        ],
        answers: [.ok(.deliveryList)], errors: [.webhookUnknown, .webhookCursor], handler: listDeliveries),
      Endpoint(
        .post, "/api/v1/webhooks/{id}/deliveries/{delivery}/redeliver", .backend, .webhooks,
        "Sends an event once more.", answers: [.accepted(.delivery)],
        errors: [.webhookUnknown, .webhookDeliveryUnknown, .webhookDeliveryPending, .webhookDisabled],
        handler: redeliver),
    ]
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let body = try await call.json(WebhookRequest.self)
    let webhook = try await webhooks.create(
      .init(url: body.url, events: body.events, rooms: body.rooms, format: body.format),
      confirm: call.requireGood)
    var shown = WebhookBody(webhook)
    shown.secret = webhook.secret
    return try .json(.created, shown)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try .json(.ok, ["webhooks": try await webhooks.all.map(WebhookBody.init)])
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try .json(.ok, WebhookBody(try await webhooks.webhook(try call.part("id"))))
  }

  @Sendable private func change(_ call: Call) async throws -> Response {
    let body = try await call.json(WebhookPatch.self)
    let change = WebhookRegistry.Change(
      url: body.url, events: body.events, rooms: body.rooms, format: body.format, isEnabled: body.enabled)
    let webhook = try await webhooks.update(try call.part("id"), change, confirm: call.requireGood)
    return try .json(.ok, WebhookBody(webhook))
  }

  @Sendable private func remove(_ call: Call) async throws -> Response {
    try await webhooks.remove(try call.part("id"))
    return .noContent
  }

  @Sendable private func test(_ call: Call) async throws -> Response {
    try .json(.accepted, DeliveryBody(try await webhooks.test(try call.part("id"))))
  }

  @Sendable private func listDeliveries(_ call: Call) async throws -> Response {
    let state = try call.query("state").map { text throws(APIError) in
      guard let state = WebhookDelivery.State(rawValue: text) else { throw .webhookCursor }
      return state
    }
    let wanted = try SequencePage({ call.query($0) }, refusal: .webhookCursor)
    let found = try await webhooks.deliveries(
      of: try call.part("id"), state, before: wanted.before, limit: wanted.lookAhead)
    let (page, next) = wanted.cut(found) { $0.sequence }
    return try .json(.ok, DeliveryListBody(deliveries: page.map(DeliveryBody.init), next: next))
  }

  @Sendable private func redeliver(_ call: Call) async throws -> Response {
    let delivery = try await webhooks.redeliver(try call.part("delivery"), of: try call.part("id"))
    return try .json(.accepted, DeliveryBody(delivery))
  }
}
