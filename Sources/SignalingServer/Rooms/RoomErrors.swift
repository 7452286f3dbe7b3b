import HTTPTypes

extension APIError {
  static let roomTooMany = APIError(
    .conflict, "room.too-many", "You have as many open rooms as you may; end one of them first.")
  static let roomOpen = APIError(.conflict, "room.open", "The room is not over; end it first.")
  static let roomTooOften = APIError(
    .tooManyRequests, "room.too-often", "You make rooms too often; wait a moment.", headers: [.retryAfter: "10"])
  static let requestTooOften = APIError(
    .tooManyRequests, "request.too-often", "Too many requests at once; wait a moment.", headers: [.retryAfter: "1"])
  static let roomUnavailable = APIError(
    .serviceUnavailable, "room.unavailable", "The room is being put away; try again.", headers: [.retryAfter: "1"])
  static let roomBanUnknown = APIError(.notFound, "room.not-banned", "This room is not banned.")
  static let noticeTooOften = APIError(
    .tooManyRequests, "chat.notice-too-often", "Too many notices to all rooms; wait a minute.",
    headers: [.retryAfter: "30"])
}
