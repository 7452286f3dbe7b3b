import HTTPTypes
import Hummingbird

/// Where a request comes from.
enum ClientAddress {
  /// What proxies say about whom they speak for.
  static let forwarding: [HTTPField.Name] = [
    "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP",
  ].compactMap { HTTPField.Name($0) }

  static let forwardedFor = HTTPField.Name("X-Forwarded-For")!

  /// The last address that `X-Forwarded-For` names: the one the trusted proxy has seen itself.
  static func last(in field: String?, else peer: String) -> String {
    guard let last = field?.split(separator: ",").last else { return peer }
    let address = withoutPort(String(last).trimmingSpaces)
    return address.isEmpty || address.utf8.count > 64 ? peer : address
  }

  /// Some proxies name the port too, as `192.0.2.1:443` or `"[2001:db8::1]:443"`: that would be another client each time.
  private static func withoutPort(_ text: String) -> String {
    let text = text.replacing("\"", with: "")
    if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
    return text.count { $0 == ":" } == 1 ? String(text.prefix { $0 != ":" }) : text
  }
}

/// Takes the client's address from the proxy that the operator trusts.
struct TrustedProxyMiddleware: RouterMiddleware {
  typealias Context = APIContext

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    let field = request.headers[values: ClientAddress.forwardedFor].last
    context.speak(for: ClientAddress.last(in: field, else: context.address))
    return try await next(request, context)
  }
}
