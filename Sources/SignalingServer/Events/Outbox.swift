import NIOCore
import NIOWebSocket
import Synchronization

/// What one events socket has still to be sent: ordered, bounded in bytes. A reader who is too slow is cut off, so that
/// he costs nobody else anything.
final class Outbox: Sendable {
  enum Item: Sendable {
    case text(ByteBuffer)
    case ping
    case pong(ByteBuffer)
    case close(WebSocketErrorCode)
  }

  private struct State {
    var queuedBytes = 0
    var isClosed = false
  }

  let items: AsyncStream<Item>
  private let continuation: AsyncStream<Item>.Continuation
  private let state = Mutex(State())
  private let limit: Int
  private let overflow: @Sendable () -> Void

  /// `overflow` must end the connection without waiting for the reader.
  init(limit: Int, overflow: @escaping @Sendable () -> Void) {
    (items, continuation) = AsyncStream.makeStream()
    self.limit = limit
    self.overflow = overflow
  }

  func send(_ item: Item) {
    let isTooMuch = state.withLock { state -> Bool in
      guard !state.isClosed else { return false }
      state.queuedBytes += item.bytes
      state.isClosed = state.queuedBytes > limit
      if !state.isClosed { continuation.yield(item) }
      return state.isClosed
    }
    if isTooMuch {
      continuation.finish()
      overflow()
    }
  }

  /// The last item; whatever is sent later is dropped.
  func close(_ code: WebSocketErrorCode) {
    state.withLock { state in
      guard !state.isClosed else { return }
      state.isClosed = true
      continuation.yield(.close(code))
      continuation.finish()
    }
  }

  /// The socket took `item`.
  func didWrite(_ item: Item) {
    state.withLock { $0.queuedBytes -= item.bytes }
  }
}

extension Outbox.Item {
  /// With the frame's head and what a queue entry costs.
  var bytes: Int {
    switch self {
    case .text(let buffer), .pong(let buffer): buffer.readableBytes + 64
    case .ping, .close: 64
    }
  }
}

extension WebSocketErrorCode {
  static let tooSlow = WebSocketErrorCode(codeNumber: 1008)
  static let unauthorized = WebSocketErrorCode(codeNumber: 4401)
  static let removed = WebSocketErrorCode(codeNumber: 4403)
  static let roomOver = WebSocketErrorCode(codeNumber: 4410)
}
