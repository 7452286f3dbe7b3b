import HTTPTypes
import Hummingbird
import Logging
import MediaControl
import NIOCore
import Signaling

/// Turns every error into the API's form, counts responses, and adds the headers that all of them carry.
struct ErrorMiddleware: RouterMiddleware {
  typealias Context = APIContext
  let metrics: ServerMetrics

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = refusal(of: error, context).response
    }
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "no-referrer"
    if MediaEndpoints.isMediaPath(request.uri.path) { MediaEndpoints.openToAllOrigins(&response) }
    let status = "\(response.status.code / 100)xx"
    metrics.update { $0.responses[status, default: 0] += 1 }
    return response
  }

  private func refusal(of error: any Error, _ context: APIContext) -> APIError {
    switch error {
    case let error as APIError: return error
    case let error as SignalingError: return APIError(error)
    case let error as MediaError: return APIError(error)
    case let error as HTTPError where error.status == .notFound: return .notFound
    case let error as HTTPError where error.status.code < 500:
      return APIError(error.status, "http.bad-request", error.body ?? "The request is not understood.")
    case is NIOTooManyBytesError: return .tooLarge
    // The client went away in the middle of his request.
    case is IOError, is ChannelError: return APIError(.badRequest, "http.bad-request", "The request is incomplete.")
    default:
      context.logger.error("A request failed.", metadata: ["error": "\(error)"])
      return .internalFault
    }
  }
}

extension HTTPField.Name {
  static let referrerPolicy = Self("Referrer-Policy")!
}
