import HTTPTypes
import NIOCore
import NIOHTTP1

/// Sits right behind the HTTP decoder: deadlines for slow requests, and a coded answer for what is not HTTP at all.
///
/// A request's head must be complete within one deadline and its body within another, counted from their first bytes;
/// an answer may take as long as it wants while the peer takes some of it now and then; between requests a connection
/// may idle for a while.
final class HTTPGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum Phase { case idle, head, body, response }

  private let limits: ServerLimits
  private var phase = Phase.head
  private var unanswered = 0
  private var closesAfterResponse = false
  private var isClosing = false
  /// The head of the answer was written, not its end.
  private var isAnswering = false
  private var isStopping = false
  private var deadline: Scheduled<Void>?

  init(limits: ServerLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { enter(.head, context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelActive(context: ChannelHandlerContext) {
    enter(.head, context)
    context.fireChannelActive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is BytesArrived {
      if phase == .idle { enter(.head, context) }
      return
    }
    context.fireUserInboundEventTriggered(event)
    guard event is ChannelShouldQuiesceEvent else { return }
    isStopping = true
    // The server stops: a request that is not complete yet has not begun, and nobody waits for one who does not read.
    if phase == .head, unanswered == 0 { return context.close(promise: nil) }
    if phase == .response { enter(phase, context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isClosing { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      unanswered += 1
      // After a request that offers an upgrade the decoder reads no further.
      closesAfterResponse = head.headers.contains(name: "Upgrade")
      enter(.body, context)
    case .body: break
    case .end: enter(.response, context)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isClosing {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if closesAfterResponse { head.headers.replaceOrAdd(name: "Connection", value: "close") }
      closesAfterResponse = head.headers[canonicalForm: "Connection"].contains("close")
      isAnswering = true
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: renewing(promise, context))
    case .end:
      context.write(data, promise: promise)
      unanswered -= 1
      if closesAfterResponse {
        closeGently(context)
        return
      }
      isAnswering = false
      if unanswered == 0 && phase == .response { enter(.idle, context) }
    }
  }

  /// Each part that the peer has taken gives him as much time again: what is bounded is how long he takes nothing.
  private func renewing(
    _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
  ) -> EventLoopPromise<Void> {
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.cascade(to: promise)
    written.futureResult.assumeIsolated().whenSuccess {
      if self.phase == .response || self.phase == .idle { self.enter(self.phase, context) }
    }
    return written
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
    let isHeaders = error == .headerOverflow
    refuse(
      context, isHeaders ? .requestHeaderFieldsTooLarge : .badRequest,
      APIError(.badRequest, isHeaders ? "http.headers" : "http.bad-request", "This is not an acceptable HTTP request."))
  }

  private func enter(_ phase: Phase, _ context: ChannelHandlerContext) {
    self.phase = phase
    deadline?.cancel()
    let seconds =
      switch phase {
      case .idle: limits.keepAlive
      case .head: limits.headDeadline
      case .body: limits.bodyDeadline
      case .response: isStopping && isAnswering ? 1 : limits.bodyDeadline + limits.mediaTimeout
      }
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(seconds * 1000))) {
      self.deadlinePassed(context)
    }
  }

  private func deadlinePassed(_ context: ChannelHandlerContext) {
    switch phase {
    case .idle, .response: context.close(promise: nil)
    case .head, .body: refuse(context, .requestTimeout, APIError(.requestTimeout, "http.timeout", "Too slow."))
    }
  }

  /// Answers in the application's place, if nobody has begun to, and ends the connection.
  private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ error: APIError) {
    guard !isClosing else { return }
    guard unanswered == (phase == .body ? 1 : 0), let body = try? JSON.encode(ErrorBody(error)) else {
      return context.close(promise: nil)
    }
    let headers: HTTPHeaders = [
      "Content-Type": "application/json; charset=utf-8", "Content-Length": String(body.readableBytes),
      "Connection": "close",
    ]
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    closeGently(context)
  }

  /// Closes our side first, behind what the peer has still to take: closing both while he still sends would reset the
  /// connection, and he would lose the answer.
  private func closeGently(_ context: ChannelHandlerContext) {
    isClosing = true
    enter(.response, context)
    context.flush()
    let closed = context.eventLoop.makePromise(of: Void.self)
    closed.futureResult.assumeIsolated().whenComplete { _ in self.linger(context) }
    context.close(mode: .output, promise: closed)
  }

  /// Everything is on its way: a moment for the peer to hang up himself.
  private func linger(_ context: ChannelHandlerContext) {
    deadline?.cancel()
    guard context.channel.isActive else { return }
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
  }
}

/// Something was received, be it a part of a head only.
struct BytesArrived: Sendable {}

/// In front of the HTTP decoder: tells the guard that a request has begun.
final class ArrivalSensor: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.fireUserInboundEventTriggered(BytesArrived())
    context.fireChannelRead(data)
  }
}
