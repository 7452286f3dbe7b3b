import NIOCore
import NIOPosix

/// A TCP connection that says exactly what a test tells it to.
struct RawConnection: Sendable {
  let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  static func open(port: Int) async throws -> RawConnection {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return RawConnection(channel: channel)
  }

  /// Sends `bytes`, `later` once something was answered, and returns everything until the server closes.
  static func exchange(port: Int, _ bytes: ByteBuffer, later: ByteBuffer? = nil) async throws -> String {
    let connection = try await open(port: port)
    return try await connection.channel.executeThenClose { inbound, outbound in
      try await outbound.write(bytes)
      var received = ByteBuffer()
      var later = later
      do {
        for try await part in inbound {
          received.writeImmutableBuffer(part)
          if let rest = later.take() { try await outbound.write(rest) }
        }
      } catch {
        // A reset after the answer is as good as an end.
      }
      return String(buffer: received)
    }
  }

  static func exchange(port: Int, _ text: String, later: String? = nil) async throws -> String {
    try await exchange(port: port, ByteBuffer(string: text), later: later.map { ByteBuffer(string: $0) })
  }
}
