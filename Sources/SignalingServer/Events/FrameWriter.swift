import NIOCore
import NIOWebSocket

/// Writes finished frames of one events socket past the frame encoder, so that what goes to many sockets is encoded
/// once. A reader who leaves too much unread is cut off: he costs nobody else anything.
final class FrameWriter: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let limit: Int
  private let overflow: @Sendable () -> Void
  private var context: ChannelHandlerContext?
  private var isClosing = false

  init(limit: Int, overflow: @escaping @Sendable () -> Void) {
    self.limit = limit
    self.overflow = overflow
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func send(_ frames: ByteBuffer) {
    guard let context, !isClosing else { return }
    context.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    guard unread(context) > limit else { return }
    isClosing = true
    overflow()
    context.close(promise: nil)
  }

  /// The last frame; whatever is sent later is dropped. The connection does not wait long for it to be taken.
  func close(_ code: WebSocketErrorCode, _ written: EventLoopPromise<Void>? = nil) {
    guard let context, !isClosing else {
      written?.succeed()
      return
    }
    isClosing = true
    context.writeAndFlush(wrapOutboundOut(.closingFrame(code)), promise: written)
    context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) { self.context?.close(promise: nil) }
  }

  private func unread(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }
}

extension ByteBuffer {
  /// One unmasked frame (RFC 6455 §5.2).
  static func frame(_ opcode: WebSocketOpcode, _ payload: ByteBuffer = ByteBuffer()) -> ByteBuffer {
    let length = payload.readableBytes
    var frame = ByteBuffer()
    frame.reserveCapacity(length + 10)
    frame.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
    if length < 126 {
      frame.writeInteger(UInt8(length))
    } else if length <= UInt16.max {
      frame.writeInteger(126 as UInt8)
      frame.writeInteger(UInt16(length))
    } else {
      frame.writeInteger(127 as UInt8)
      frame.writeInteger(UInt64(length))
    }
    frame.writeImmutableBuffer(payload)
    return frame
  }

  static func textFrame(_ payload: ByteBuffer) -> ByteBuffer { frame(.text, payload) }

  static func closingFrame(_ code: WebSocketErrorCode) -> ByteBuffer {
    var payload = ByteBuffer()
    payload.write(webSocketErrorCode: code)
    return frame(.connectionClose, payload)
  }
}
