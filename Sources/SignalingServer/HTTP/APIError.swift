import HTTPTypes
import MediaControl
import Signaling

/// A refusal as the API shows it.
struct APIError: Error, Equatable {
  let status: HTTPResponse.Status
  let code: String
  let message: String
  var headers: HTTPFields = [:]
  /// For the eyes of who is refused: somebody else's words, where there are any.
  var reason: String?

  init(_ status: HTTPResponse.Status, _ code: String, _ message: String, headers: HTTPFields = [:]) {
    self.status = status
    self.code = code
    self.message = message
    self.headers = headers
  }

  static let notFound = APIError(.notFound, "http.not-found", "No such path.")
  static let tooLarge = APIError(.contentTooLarge, "http.too-large", "The body is too large.")
  static let internalFault = APIError(.internalServerError, "http.internal", "The server failed.")
  static let authRequired = APIError(
    .unauthorized, "auth.required", "A bearer token is needed.", headers: [.wwwAuthenticate: "Bearer"])
  static let authInvalid = APIError(
    .unauthorized, "auth.invalid", "The token is not valid.",
    headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
  static let userNeeded = APIError(.forbidden, "auth.forbidden", "This needs the token of a user.")
  static let originForbidden = APIError(.forbidden, "origin.forbidden", "Pages of this origin may not connect.")
  static let upgradeRequired = APIError(
    .upgradeRequired, "http.upgrade-required", "This path speaks WebSocket.", headers: [.upgrade: "websocket"])
  static let jsonMalformed = APIError(.badRequest, "json.malformed", "The body is not JSON.")
  static let contentType = APIError(
    .unsupportedMediaType, "http.content-type", "Another Content-Type is expected.")
  static let badQuery = APIError(.badRequest, "http.bad-request", "The query is not understood.")
  static let roomUnknown = APIError(.notFound, "room.unknown", "No such room.")
  static let roomLimit = APIError(
    .serviceUnavailable, "room.limit", "The server holds as many rooms as it may.", headers: [.retryAfter: "60"])
  static let roomVideo = APIError(.unprocessableContent, "room.video", "Canvas, frame rate or bitrate out of range.")
  static let roomCursor = APIError(
    .badRequest, "room.cursor", "Something in the query is unreadable, or the cursor is too old.")
  static let viewersFull = APIError(
    .serviceUnavailable, "room.viewers-full", "Too many viewers.", headers: [.retryAfter: "10"])
  static let layoutUnknown = APIError(.unprocessableContent, "layout.unknown", "No layout of that name.")
  static let userUnknown = APIError(.notFound, "user.unknown", "No such user.")
  static let sdpMalformed = APIError(.badRequest, "sdp.malformed", "This is not a usable session description.")
  static let sessionUnknown = APIError(.notFound, "session.unknown", "No such session.")
  static let sessionReplaced = APIError(
    .gone, "session.replaced", "You publish in another session, which has taken over from this one.")
  static let sessionChanged = APIError(.preconditionFailed, "session.changed", "The session has changed since.")
  static let outputUnknown = APIError(.notFound, "output.unknown", "No such output.")
  static let outputURL = APIError(
    .unprocessableContent, "output.url", "A complete rtmp, rtmps or srt URL is needed.")
  static let outputPrivate = APIError(
    .unprocessableContent, "output.private", "Private and loopback addresses are not allowed here.")
  static let outputUnresolved = APIError(.unprocessableContent, "output.unresolved", "The host name has no address.")
  static let outputLimit = APIError(.conflict, "output.limit", "This room has as many outputs as it may.")
  static let mediaUnavailable = APIError(
    .serviceUnavailable, "media.unavailable", "The media worker does not answer.", headers: [.retryAfter: "2"])
  static let commandUnknown = APIError(.badRequest, "command.unknown", "No such command.")
  static let referenceTooLong = APIError(
    .badRequest, "json.malformed", "The field \"ref\" has more than 64 characters.")
  static let socketSignedIn = APIError(
    .conflict, "command.signed-in", "This socket has its user already; open another one for somebody else.")
  static let callMalformed = APIError(
    .badRequest, "command.call", "A call needs a method, a path below /api/v1/, and a JSON body or none.")
  static let callOfFile = APIError(
    .badRequest, "command.call", "The answer is a file, which no call can bring; fetch it over HTTP.")
  static let answerTooLarge = APIError(
    .contentTooLarge, "command.answer-too-large", "The answer is too large for a socket; ask for less, or over HTTP.")
  static let commandTooOften = APIError(
    .tooManyRequests, "command.too-often", "Too many commands; wait a moment.", headers: [.retryAfter: "1"])
}

extension APIError {
  /// A refusal by the rules of a room.
  static func rule(_ error: SignalingError) -> APIError { APIError(error) }

  static func fieldMissing(_ name: String) -> APIError {
    APIError(.badRequest, "json.malformed", "The field \"\(name)\" is missing.")
  }

  init(_ error: SignalingError) {
    let status: HTTPResponse.Status =
      switch error.kind {
      case .invalid: .unprocessableContent
      case .forbidden: .forbidden
      case .unknown: .notFound
      case .conflict: .conflict
      case .gone: .gone
      case .tooMany: .tooManyRequests
      }
    self.init(status, error.code, error.message)
    if error.kind == .tooMany { headers[.retryAfter] = "3" }
  }

  /// Says when to try again, if that is what it is about.
  func waiting(_ seconds: Double) -> APIError {
    guard status == .tooManyRequests else { return self }
    var error = self
    error.headers[.retryAfter] = String(max(1, Int(seconds.rounded(.up))))
    return error
  }

  /// The same of this rule alone.
  func waiting(_ seconds: Double, for rule: SignalingError) -> APIError { code == rule.code ? waiting(seconds) : self }

  /// A refusal by the media worker keeps its code; the status follows from what the code is about.
  init(_ error: MediaError) {
    let (area, what) = error.code.splitAtDot
    let status: HTTPResponse.Status =
      switch (area, what) {
      case (_, "unknown") where area != "layout", ("media", _) where what.hasSuffix("-unknown"): .notFound
      case ("sdp", "too-large"): .contentTooLarge
      case ("sdp", _): what.hasSuffix("codec") ? .notAcceptable : .badRequest
      case ("output", "too-many"): .conflict
      case ("media", _): .serviceUnavailable
      default: .unprocessableContent
      }
    self.init(status, error.code, error.message)
    if status == .serviceUnavailable { headers[.retryAfter] = "2" }
  }
}

/// Whole areas of codes that the media worker may answer with, for the route table.
extension APIError {
  static let sdpRefusals = APIError(.badRequest, "sdp.*", "The offer or fragment is refused.")
  static let sdpNoCodec = APIError(.notAcceptable, "sdp.no-common-codec", "No codec of the offer can be used.")
  static let sdpTooLarge = APIError(.contentTooLarge, "sdp.too-large", "The offer or fragment is too large.")
  static let layoutRefusals = APIError(.unprocessableContent, "layout.*", "An option of the layout is refused.")
  static let outputRefusals = APIError(.unprocessableContent, "output.*", "The output is refused.")
  static let mediaRefusals = APIError(.serviceUnavailable, "media.*", "The media worker cannot do this now.")
}

extension String {
  /// The two halves of a code.
  fileprivate var splitAtDot: (area: Substring, what: Substring) {
    let parts = split(separator: ".", maxSplits: 1)
    return (parts.first ?? "", parts.count == 2 ? parts[1] : "")
  }
}
