import HTTPTypes

extension APIError {
  static let chatRefused = APIError(
    .unprocessableContent, "chat.refused", "The message was refused by the moderation.")
  static let textRefused = APIError(.unprocessableContent, "text.refused", "The text was refused by the moderation.")
  static let moderationUnavailable = APIError(
    .serviceUnavailable, "moderation.unavailable", "The moderation does not answer; try again.",
    headers: [.retryAfter: "2"])
  static let moderationBusy = APIError(
    .tooManyRequests, "moderation.busy", "Another text is still being looked at; try again.",
    headers: [.retryAfter: "1"])
}
