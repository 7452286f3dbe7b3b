import HTTPTypes

extension APIError {
  static let accountName = APIError(
    .unprocessableContent, "account.name", "4 to 24 letters, digits, _ and - are needed, and not digits alone.")
  static let accountPassword = APIError(
    .unprocessableContent, "account.password", "The password must have 8 to 64 characters.")
  static let accountExists = APIError(.conflict, "account.exists", "There is an account of that name.")
  static let accountNeeded = APIError(.conflict, "account.needed", "Guests have no password.")
  static let credentials = APIError(
    .unauthorized, "auth.credentials", "The name or the password is wrong.", headers: [.wwwAuthenticate: "Bearer"])
  static let signInTooOften = APIError(
    .tooManyRequests, "auth.too-often", "Too many tries; wait a minute.", headers: [.retryAfter: "60"])
  static let authBusy = APIError(
    .serviceUnavailable, "auth.busy", "Too many people sign in at once.", headers: [.retryAfter: "5"])
  static let refreshInvalid = APIError(
    .unauthorized, "auth.refresh", "The refresh token is not valid any more; sign in again.",
    headers: [.wwwAuthenticate: "Bearer"])
  static let authBanned = APIError(.forbidden, "auth.banned", "You have been banned.")
  static let sessionTooOften = APIError(
    .tooManyRequests, "session.too-often", "Too many new users from this address.", headers: [.retryAfter: "2"])
  static let nameTooOften = APIError(
    .tooManyRequests, "user.name-too-often", "Too many new names; wait a moment.", headers: [.retryAfter: "10"])
  static let keyName = APIError(.unprocessableContent, "api-key.name", "The name must have 1 to 32 characters.")
  static let keyUnknown = APIError(.notFound, "api-key.unknown", "No such API key.")
  static let keyLimit = APIError(.conflict, "api-key.limit", "The server holds as many API keys as it may.")
  static let tokenUser = APIError(
    .unprocessableContent, "token.user", "1 to 64 letters, digits, _ and - are needed, not beginning with u_.")
  static let tokenLifetime = APIError(
    .unprocessableContent, "token.ttl", "The lifetime must be 60 to 2592000 seconds.")
  static let banUnknown = APIError(.notFound, "ban.unknown", "This user is not banned.")
  static let banReason = APIError(
    .unprocessableContent, "ban.reason", "The reason must not be longer than 100 characters.")
}
