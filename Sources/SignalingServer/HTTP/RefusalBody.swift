import HTTPTypes

/// What everybody who is refused reads: in the body of an answer, or in a message of an events socket, which has no
/// headers.
struct RefusalBody: Encodable, Sendable {
  let code: String
  let message: String
  let reason: String?
  /// Seconds.
  let retryAfter: Int?

  init(_ error: APIError) {
    code = error.code
    message = error.message
    reason = error.reason
    retryAfter = error.headers[.retryAfter].flatMap { Int($0) }
  }
}
