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

  /// Sends `bytes` and returns everything until the server closes.
  static func exchange(port: Int, _ bytes: ByteBuffer) async throws -> String {
    let connection = try await open(port: port)
    return try await connection.channel.executeThenClose { inbound, outbound in
      try await outbound.write(bytes)
      var received = ByteBuffer()
      do {
        for try await part in inbound { received.writeImmutableBuffer(part) }
      } catch {
        // A reset after the answer is as good as an end.
      }
      return String(buffer: received)
    }
  }

  static func exchange(port: Int, _ text: String) async throws -> String {
    try await exchange(port: port, ByteBuffer(string: text))
  }
}
