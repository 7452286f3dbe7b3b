import NIOCore
import NIOWebSocket

/// The way to one events socket from anywhere: what one sender hands over arrives in that order.
final class Outbox: Sendable {
  let eventLoop: any EventLoop
  let writer: NIOLoopBound<FrameWriter>

  /// On the event loop of the connection, whose pipeline the writer joins.
  init(_ channel: any Channel, limit: Int, overflow: @escaping @Sendable () -> Void) throws {
    // The system would keep megabytes for a reader who does not read, and the limit would mean nothing.
    try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: SocketOptionValue(clamping: limit / 8))
    let writer = FrameWriter(limit: limit, overflow: overflow)
    try channel.pipeline.syncOperations.addHandler(writer, position: .first)
    eventLoop = channel.eventLoop
    self.writer = NIOLoopBound(writer, eventLoop: channel.eventLoop)
  }

  func send(_ frames: ByteBuffer) {
    eventLoop.execute { [writer] in writer.value.send(frames) }
  }

  /// The last frame; whatever is sent later is dropped.
  func close(_ code: WebSocketErrorCode) {
    eventLoop.execute { [writer] in writer.value.close(code) }
  }

  /// The same, and returns when the frame is on its way or the connection is gone.
  func finish(_ code: WebSocketErrorCode) async {
    let written = eventLoop.makePromise(of: Void.self)
    eventLoop.execute { [writer] in writer.value.close(code, written) }
    try? await written.futureResult.get()
  }
}

extension WebSocketErrorCode {
  static let tooSlow = WebSocketErrorCode(codeNumber: 1008)
  static let unauthorized = WebSocketErrorCode(codeNumber: 4401)
  static let removed = WebSocketErrorCode(codeNumber: 4403)
  static let roomOver = WebSocketErrorCode(codeNumber: 4410)
}
