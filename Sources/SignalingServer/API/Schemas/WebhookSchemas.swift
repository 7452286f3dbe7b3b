extension Schema {
  private static let webhookFields: [Field] = [
    .required("id", .text), .required("url", .text), .required("events", .list(.text)),
    .optional("rooms", .list(.text), "Absent for all rooms."), .required("format", .webhookFormat),
    .required("enabled", .boolean), .optional("reason", .text, "Why the server switched it off."),
    .required("createdAt", .integer(), "Milliseconds since 1970."),
    .required("dropped", .integer(0...Int.max), "Events thrown away because too many waited."),
  ]

  static let webhookFormat = Schema.choice(["standard", "legacy"])

  static let webhook = Schema.component("Webhook", .object(webhookFields))

  static let newWebhook = Schema.component(
    "NewWebhook", .object(webhookFields + [.required("secret", .text, "Signs the messages; shown here only.")]))

  static let webhookList = Schema.component("WebhookList", .object(.required("webhooks", .list(.webhook))))

  static let webhookRequest = Schema.component(
    "WebhookRequest",
    .object(
      .required("url", .string(max: 2048)),
      .optional("events", .list(.text), "Names, areas such as `room.*`, or `*`, which is the default."),
      .optional("rooms", .list(.text), "Only of these rooms; empty for all."), .optional("format", .webhookFormat)))

  static let webhookChange = Schema.component(
    "WebhookChange",
    .object(
      .optional("url", .string(max: 2048)), .optional("events", .list(.text)), .optional("rooms", .list(.text)),
      .optional("format", .webhookFormat), .optional("enabled", .boolean)))

  static let delivery = Schema.component(
    "Delivery",
    .object(
      .required("id", .text), .required("event", .text, "The same in all deliveries of one event."),
      .required("type", .text), .optional("room", .text),
      .required("state", .choice(WebhookDelivery.State.allCases.map(\.rawValue))),
      .required("attempts", .integer(0...Int.max)), .required("createdAt", .integer()),
      .optional("nextAttemptAt", .integer()), .optional("finishedAt", .integer()),
      .optional("status", .integer(), "Of the last answer."), .optional("reason", .text, "What went wrong last.")))

  static let deliveryList = Schema.component(
    "DeliveryList",
    .object(.required("deliveries", .list(.delivery)), .required("next", .nullable(.text), "Goes into `cursor`.")))
}
