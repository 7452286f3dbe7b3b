import NIOCore

@testable import SignalingServer

extension Client {
  /// A request whose last bytes come after `meanwhile`: the server has admitted it by then.
  func slowly(
    _ method: String, _ path: String, _ body: String, type: String = "application/json",
    _ meanwhile: @escaping @Sendable () async throws -> Void
  ) async throws -> Answer {
    let head =
      "\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \(token ?? "")\r\n"
      + "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    let connection = try await RawConnection.open(port: port)
    let raw = try await connection.channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: head + body.prefix(5)))
      // The server has admitted the request when it waits for the rest of the body.
      try await Task.sleep(for: .milliseconds(300))
      try await meanwhile()
      try await outbound.write(ByteBuffer(string: String(body.dropFirst(5))))
      var received = ByteBuffer()
      for try await part in inbound { received.writeImmutableBuffer(part) }
      return String(buffer: received)
    }
    return try Answer(raw: raw)
  }
}
