import Hummingbird

/// Knows paths as they are documented only. The router takes `/metrics/` and `//metrics` for `/metrics`; a proxy that keeps
/// `/metrics` from the public does not.
struct ExactPathMiddleware: RouterMiddleware {
  typealias Context = APIContext

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    guard !path.contains("//"), path == "/" || !path.hasSuffix("/") else { throw APIError.notFound }
    return try await next(request, context)
  }
}
