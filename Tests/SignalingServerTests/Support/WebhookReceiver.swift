import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server of the other side that does to each request what a test tells it to.
final class WebhookReceiver: Sendable {
  struct Received: Sendable {
    let head: String
    let headers: [String: String]
    let body: String

    var object: [String: Any] {
      ((try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]) ?? [:]
    }
    var event: String { headers["mixd-event-id"] ?? "" }
    var type: String { object["type"] as? String ?? "" }
  }

  enum Behaviour: Sendable {
    case answer(Int, headers: String = "", body: String = "")
    /// Bytes as they are; then the connection stays open and silent.
    case say(String)
    /// These bytes again and again, one round every 20 ms.
    case trickle(String)
    case close
  }

  private struct State {
    var port = 0
    var received: [Received] = []
    var connections = 0
  }

  private let state = Mutex(State())
  private let behave: @Sendable (Int, Received) -> Behaviour

  var port: Int { state.withLock { $0.port } }
  var received: [Received] { state.withLock { $0.received } }
  var connections: Int { state.withLock { $0.connections } }
  var url: String { "http://127.0.0.1:\(port)/hook" }

  private init(behave: @escaping @Sendable (Int, Received) -> Behaviour) { self.behave = behave }

  /// Runs `body` beside a receiver; `behave` gets the number of the request, from 0 on, and the request.
  static func run(
    _ behave: @escaping @Sendable (Int, Received) -> Behaviour = { _, _ in .answer(200) },
    _ body: @escaping @Sendable (WebhookReceiver) async throws -> Void
  ) async throws {
    let receiver = WebhookReceiver(behave: behave)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ReceiverHandler(receiver))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    receiver.state.withLock { $0.port = listener.localAddress?.port ?? 0 }
    do {
      try await body(receiver)
    } catch {
      try await listener.close()
      throw error
    }
    try await listener.close()
  }

  fileprivate func connected() { state.withLock { $0.connections += 1 } }

  fileprivate func take(_ request: Received) -> Behaviour {
    let number = state.withLock { state in
      state.received.append(request)
      return state.received.count - 1
    }
    return behave(number, request)
  }
}

/// One connection of the receiver.
private final class ReceiverHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let receiver: WebhookReceiver
  private var buffer = ByteBuffer()

  init(_ receiver: WebhookReceiver) { self.receiver = receiver }

  func channelActive(context: ChannelHandlerContext) { receiver.connected() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    buffer.writeBuffer(&part)
    while let request = WebhookReceiver.Received(&buffer) { act(receiver.take(request), context.channel) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func act(_ behaviour: WebhookReceiver.Behaviour, _ channel: any Channel) {
    switch behaviour {
    case .answer(let status, let headers, let body):
      let head = "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n"
      channel.writeAndFlush(ByteBuffer(string: head + body), promise: nil)
    case .say(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    case .trickle(let text):
      channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { task in
        guard channel.isActive else { return task.cancel() }
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
      }
    case .close: channel.close(promise: nil)
    }
  }
}

extension WebhookReceiver.Received {
  /// The next whole request, if there is one.
  fileprivate init?(_ buffer: inout ByteBuffer) {
    let text = String(buffer: buffer)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    let headers = lines.dropFirst().reduce(into: [String: String]()) { headers, line in
      let pair = line.split(separator: ":", maxSplits: 1)
      if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
    }
    let length = Int(headers["content-length"] ?? "0") ?? 0
    let rest = text[end.upperBound...].utf8
    guard rest.count >= length else { return nil }
    buffer.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count + length)
    self.init(
      head: String(lines.first ?? ""), headers: headers, body: String(decoding: rest.prefix(length), as: UTF8.self))
  }
}
