import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
  static func json(_ status: HTTPResponse.Status = .ok, _ value: some Encodable) throws -> Response {
    json(status, buffer: try JSON.encode(value))
  }

  static func json(_ status: HTTPResponse.Status = .ok, buffer: ByteBuffer) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: buffer))
  }

  static func text(_ status: HTTPResponse.Status = .ok, _ type: String, _ text: String) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  static let noContent = Response(status: .noContent)
}

/// The body of every refusal.
struct ErrorBody: Encodable {
  let error: RefusalBody

  init(_ error: APIError) { self.error = RefusalBody(error) }
}

extension APIError {
  var response: Response {
    let body = (try? JSON.encode(ErrorBody(self))) ?? ByteBuffer()
    var response = Response.json(status, buffer: body)
    response.headers.append(contentsOf: headers)
    // The rest of a refused body is not worth reading.
    if status == .contentTooLarge { response.headers[.connection] = "close" }
    return response
  }
}
