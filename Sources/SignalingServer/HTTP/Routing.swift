import HTTPTypes
import Hummingbird

typealias Handler = @Sendable (Request, APIContext) async throws -> Response

extension Router where Context == APIContext {
  /// Everything one path can do. HEAD follows from GET; other methods are refused with the ones there are.
  func route(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
    var handlers = handlers
    if let get = handlers[.get], handlers[.head] == nil {
      handlers[.head] = { request, context in try await get(request, context).createHeadResponse() }
    }
    let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
    let refuse: Handler = { _, _ in
      throw APIError(.methodNotAllowed, "http.method", "Allowed here: \(allowed).", headers: [.allow: allowed])
    }
    for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect] {
      on(path, method: method, use: handlers[method] ?? refuse)
    }
  }
}
