import HTTPTypes

extension APIError {
  static let webhookPrivate = APIError(
    .unprocessableContent, "webhook.private", "Private and loopback addresses are not allowed here.")
  static let webhookUnresolved = APIError(
    .unprocessableContent, "webhook.unresolved", "The host name has no address.")
  static let webhookUnknown = APIError(.notFound, "webhook.unknown", "No such webhook.")
  static let webhookLimit = APIError(.conflict, "webhook.limit", "There are as many webhooks as there may be.")
  static let webhookEvents = APIError(.unprocessableContent, "webhook.events", "One of the events does not exist.")
  static let webhookRooms = APIError(.unprocessableContent, "webhook.rooms", "Too many rooms, or one without a name.")
  static let webhookDisabled = APIError(.conflict, "webhook.disabled", "The webhook is switched off.")
  static let webhookDeliveryUnknown = APIError(.notFound, "webhook.delivery-unknown", "No such delivery.")
  static let webhookDeliveryPending = APIError(
    .conflict, "webhook.delivery-pending", "The event is still on its way.")
  static let webhookURL = APIError(.unprocessableContent, "webhook.url", "A complete https URL is needed.")
  static let webhookCursor = APIError(.badRequest, "webhook.cursor", "State, cursor or limit is unreadable.")
}
