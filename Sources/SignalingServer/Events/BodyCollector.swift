import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Takes the body of an answer into memory, up to a limit.
final class BodyCollector: ResponseBodyWriter, Sendable {
  private let collected = Mutex(ByteBuffer())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var buffer: ByteBuffer { collected.withLock { $0 } }

  func write(_ buffer: ByteBuffer) async throws {
    let size = collected.withLock { collected in
      collected.writeImmutableBuffer(buffer)
      return collected.readableBytes
    }
    if size > limit { throw APIError.answerTooLarge }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
