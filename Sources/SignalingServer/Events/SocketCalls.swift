import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Carries requests that came over an events socket through the same router as those over HTTP.
struct SocketCalls: Sendable {
  typealias Answering = @Sendable (Request, APIContext) async throws -> Response

  let answering: Answering
  let channel: any Channel
  let logger: Logger
  let room: String
  let origin: RequestOrigin
  let limit: Int

  func result(of command: CommandMessage, by caller: Caller) async throws(APIError) -> CallResult {
    let request = try request(for: command)
    var context = APIContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    context.caller = caller
    context.address = origin.address
    do {
      let response = try await answering(request, context)
      return CallResult(ref: command.ref, status: response.status.code, body: try await body(of: response))
    } catch {
      throw error as? APIError ?? .internalFault
    }
  }

  private func request(for command: CommandMessage) throws(APIError) -> Request {
    let methods: [String: HTTPRequest.Method] = [
      "GET": .get, "POST": .post, "PUT": .put, "PATCH": .patch, "DELETE": .delete,
    ]
    guard let method = command.method.flatMap({ methods[$0] }), let target = command.path.flatMap(target(of:)) else {
      throw .callMalformed
    }
    var head = HTTPRequest(method: method, scheme: nil, authority: origin.authority, path: target)
    head.headerFields = origin.forwarding
    guard let value = command.body else {
      return Request(head: head, body: HummingbirdCore.RequestBody(buffer: ByteBuffer()))
    }
    head.headerFields[.contentType] = "application/json"
    guard let buffer = try? JSON.encode(value) else { throw .callMalformed }
    return Request(head: head, body: HummingbirdCore.RequestBody(buffer: buffer))
  }

  /// `mutes/u_1` is below the room; `/api/v1/…` is as over HTTP. Nothing else can be reached.
  private func target(of path: String) -> String? {
    guard (1...2048).contains(path.utf8.count), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    if path.hasPrefix("/") { return path.hasPrefix("/api/v1/") ? path : nil }
    return "/api/v1/rooms/\(room)/\(path)"
  }

  private func body(of response: Response) async throws -> JSONValue? {
    // Of a file not a byte is read.
    if let type = response.headers[.contentType], !type.hasPrefix("application/json") { throw APIError.callOfFile }
    let collector = BodyCollector(limit: limit)
    let body = response.body
    try await body.write(collector)
    let bytes = collector.buffer
    guard bytes.readableBytes > 0 else { return nil }
    guard response.headers[.contentType] != nil else { throw APIError.callOfFile }
    return try JSON.decode(JSONValue.self, from: bytes)
  }
}

/// The answer to a call.
struct CallResult: Encodable, Sendable {
  var type = "result"
  let ref: CommandReference?
  let status: Int
  let body: JSONValue?
}
