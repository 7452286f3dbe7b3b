import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Signaling

extension Request {
  /// The bearer token, if there is one.
  var bearer: String? {
    guard let header = headers[.authorization] else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1]).trimmingSpaces
  }

  /// The token that a WebSocket handshake brings as a subprotocol.
  var offeredToken: String? {
    headers[.secWebSocketProtocol].flatMap {
      Subprotocol.token(in: $0.split(separator: ",").map { String($0).trimmingSpaces })
    }
  }

  // Not inlined: Swift 6.3.1 -O crashes ("splitting coroutine") on routes that have taken it in.
  @inline(never) func json<Body: Decodable>(_ type: Body.Type, limit: Int) async throws -> Body {
    try requireContent("application/json", orNone: true)
    return try JSON.decode(type, from: try await wholeBody(limit: limit))
  }

  /// As `json`, for a body that may be missing.
  @inline(never) func optionalJSON<Body: Decodable>(_ type: Body.Type, limit: Int) async throws -> Body? {
    let buffer = try await wholeBody(limit: limit)
    if buffer.readableBytes == 0 { return nil }
    try requireContent("application/json", orNone: true)
    return try JSON.decode(type, from: buffer)
  }

  /// A session description or fragment.
  func sdp(_ contentType: String, limit: Int) async throws -> String {
    try requireContent(contentType, orNone: false)
    let buffer = try await wholeBody(limit: limit)
    guard let text = String(validating: buffer.readableBytesView, as: UTF8.self), !text.utf8.contains(0) else {
      throw APIError.sdpMalformed
    }
    return text
  }

  /// Made to a loopback name, and not passed on by a proxy that says so.
  var isFromThisMachine: Bool {
    guard ClientAddress.forwarding.allSatisfy({ headers[$0] == nil }) else { return false }
    guard let authority = head.authority else { return false }
    let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
    return host == "localhost" || host == "[::1]"
      || host.hasPrefix("127.") && host.allSatisfy { "0123456789.".contains($0) }
  }

  /// The first of that name. A plus sign is a space, as forms and `URLSearchParams` write it (WHATWG URL §5.1).
  func query(_ name: String) -> String? {
    for pair in (uri.query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.formText)
      if parts[0] == name { return parts.count == 2 ? parts[1] : "" }
    }
    return nil
  }

  private static func formText(_ text: Substring) -> String {
    let spaced = String(text.replacing("+", with: " "))
    return spaced.removingPercentEncoding ?? spaced
  }

  private func requireContent(_ type: String, orNone: Bool) throws(APIError) {
    let value = headers[.contentType]?.split(separator: ";").first.map { String($0).trimmingSpaces.lowercased() }
    guard value == type || (orNone && value == nil) else {
      throw APIError(.unsupportedMediaType, "http.content-type", "\(type) is expected.")
    }
  }

  private func wholeBody(limit: Int) async throws -> ByteBuffer {
    if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw APIError.tooLarge }
    do {
      return try await body.collect(upTo: limit)
    } catch is NIOTooManyBytesError {
      throw APIError.tooLarge
    }
  }
}

extension String {
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
