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

  init(_ request: Request, _ context: APIContext, caller: Caller?, room: LiveRoom?, limits: ServerLimits) {
    self.request = request
    self.context = context
    self.caller = caller
    self.limits = limits
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

  // Not inlined: Swift 6.3.1 -O crashes ("splitting coroutine") on handlers that have taken it in.
  @inline(never) func json<Body: Decodable>(_ type: Body.Type) async throws -> Body {
    try await request.json(type, limit: limits.jsonBody)
  }

  /// `nil` where there is no body at all.
  @inline(never) func optionalJSON<Body: Decodable>(_ type: Body.Type) async throws -> Body? {
    try await request.optionalJSON(type, limit: limits.jsonBody)
  }
}
