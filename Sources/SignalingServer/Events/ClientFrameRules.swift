import NIOCore
import NIOWebSocket

/// What RFC 6455 demands of every frame of a client: a mask (§5.1), and no reserved bit (§5.2). Stands before the
/// fragments are put together, which leaves nothing of either.
final class ClientFrameRules: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  struct Violation: Error {}

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      return context.fireErrorCaught(Violation())
    }
    context.fireChannelRead(data)
  }
}
