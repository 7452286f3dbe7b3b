import HTTPTypes
import NIOCore
import NIOHTTP1

/// In front of NIO's upgrade handler, which forgets requests whose upgrade it refuses: decides about the first request
/// of a connection and takes the wish to upgrade out of every one that is not to become an events socket. Such a
/// request goes on to the router like any other, `Upgrade: h2c` of some clients included.
final class UpgradeAdmission: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  private enum State {
    case untouched
    case deciding([HTTPServerRequestPart])
    case decided
  }

  private let gate: EventGate
  private let admitted: @Sendable (EventGate.Admission) -> Void
  private var state = State.untouched

  init(gate: EventGate, admitted: @escaping @Sendable (EventGate.Admission) -> Void) {
    self.gate = gate
    self.admitted = admitted
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    switch state {
    case .untouched: first(part, context)
    case .deciding(let parts): state = .deciding(parts + [part])
    case .decided: context.fireChannelRead(data)
    }
  }

  private func first(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    guard case .head(let head) = part, head.asksForWebSocket else {
      state = .decided
      return context.fireChannelRead(wrapInboundOut(part.withoutUpgrade))
    }
    state = .deciding([part])
    let (gate, address) = (gate, context.channel.remoteAddress?.ipAddress ?? "")
    context.eventLoop.makeFutureWithTask { await gate.admit(head, from: address) }
      .assumeIsolated()
      .whenComplete { result in self.decide(try? result.get(), context) }
  }

  private func decide(_ admission: EventGate.Admission?, _ context: ChannelHandlerContext) {
    guard case .deciding(let parts) = state else { return }
    state = .decided
    if let admission {
      let gate = gate
      context.channel.closeFuture.whenComplete { _ in gate.leave(admission) }
      admitted(admission)
    }
    for part in parts { context.fireChannelRead(wrapInboundOut(admission == nil ? part.withoutUpgrade : part)) }
    context.fireChannelReadComplete()
  }
}

extension HTTPRequestHead {
  /// A complete opening handshake (RFC 6455 §4.1), without a body.
  var asksForWebSocket: Bool {
    headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
      && headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
      && headers["Sec-WebSocket-Version"] == ["13"] && headers["Sec-WebSocket-Key"].count == 1
      && !headers.contains(name: "Content-Length") && !headers.contains(name: "Transfer-Encoding")
  }
}

extension HTTPPart where HeadT == HTTPRequestHead {
  fileprivate var withoutUpgrade: Self {
    guard case .head(var head) = self else { return self }
    head.headers.remove(name: "Upgrade")
    return .head(head)
  }
}
