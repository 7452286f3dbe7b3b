import HTTPTypes
import Hummingbird
import NIOCore

/// The API about itself.
struct DocumentEndpoints: Sendable {
  /// Of all others and this one, made once.
  let document: ByteBuffer

  init(describing others: [Endpoint]) {
    let own = Self.endpoint { _ in .noContent }
    let json = OpenAPIDocument(endpoints: others + [own]).json
    document = (try? JSON.encode(json)) ?? ByteBuffer()
  }

  var all: [Endpoint] {
    [Self.endpoint { [document] _ in .json(.ok, buffer: document) }]
  }

  private static func endpoint(_ handler: @escaping Endpoint.Handler) -> Endpoint {
    Endpoint(
      .get, "/api/v1/openapi.json", .open, .operating, "This document.", answers: [.ok(.anything)], handler: handler)
  }
}
