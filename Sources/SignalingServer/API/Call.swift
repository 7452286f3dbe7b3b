import HTTPTypes
import Hummingbird
import Signaling

/// One admitted use of an endpoint.
struct Call: Sendable {
  let request: Request
  let context: APIContext
  /// `nil` for strangers, which only `open` and `anyone` let in.
  let caller: Caller?
  let limits: ServerLimits
  private let admitted: LiveRoom?
  private let book: SessionBook

  init(
    _ request: Request, _ context: APIContext, caller: Caller?, room: LiveRoom?, limits: ServerLimits,
    book: SessionBook
  ) {
    self.request = request
    self.context = context
    self.caller = caller
    self.limits = limits
    self.book = book
    admitted = room
  }

  /// Who asks, no stranger.
  var knownCaller: Caller {
    get throws(APIError) {
      guard let caller else { throw .authRequired }
      return caller
    }
  }

  /// The user who asks.
  var person: Person {
    get throws(APIError) {
      guard let person = try knownCaller.person else { throw .userNeeded }
      return person
    }
  }

  /// The room of an endpoint with `Access.room` or `roomOrBackend`.
  var room: LiveRoom {
    get throws(APIError) {
      guard let admitted else { throw .roomUnknown }
      return admitted
    }
  }

  /// Who tries things out on his own machine: no limit of an address holds for him. Never what a trusted proxy brings.
  var isFromThisMachine: Bool { context.isPeerLoopback && request.isFromThisMachine }

  func part(_ name: String) throws(APIError) -> String { try context.part(name) }

  func query(_ name: String) -> String? { request.query(name) }

  /// For whatever took its time since the caller was admitted: he may have been banned or signed out meanwhile.
  func requireGood() throws(APIError) { try book.requireGood(caller) }

  // Not inlined: Swift 6.3.1 -O crashes ("splitting coroutine") on handlers that have taken it in.
  @inline(never) func json<Body: Decodable>(_ type: Body.Type) async throws -> Body {
    let body = try await request.json(type, limit: limits.jsonBody)
    try requireGood()
    return body
  }

  /// `nil` where there is no body at all.
  @inline(never) func optionalJSON<Body: Decodable>(_ type: Body.Type) async throws -> Body? {
    let body = try await request.optionalJSON(type, limit: limits.jsonBody)
    try requireGood()
    return body
  }

  /// A session description or fragment.
  @inline(never) func sdp(_ contentType: String) async throws -> String {
    let text = try await request.sdp(contentType, limit: limits.sdpBody)
    try requireGood()
    return text
  }
}
