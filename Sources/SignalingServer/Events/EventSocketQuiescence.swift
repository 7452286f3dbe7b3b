import NIOCore
import NIOWebSocket

/// Tells the client that the server stops, and lets the connection go.
final class EventSocketQuiescence: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
    context.writeAndFlush(wrapOutboundOut(.closing(.goingAway)), promise: nil)
    context.close(promise: nil)
  }
}

extension WebSocketFrame {
  static func closing(_ code: WebSocketErrorCode) -> WebSocketFrame {
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
  }
}
