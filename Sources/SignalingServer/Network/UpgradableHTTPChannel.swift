import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Synchronization

/// Hummingbird's HTTP/1.1 child channel, whose first request may become an events socket.
struct UpgradableHTTPChannel: HTTPChannelHandler {
  enum Outcome: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    case events(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, EventGate.Admission, Outbox)
  }

  struct Value: ServerChildChannelValue {
    let outcome: EventLoopFuture<Outcome>
    let channel: any Channel
  }

  let responder: Responder
  let gate: EventGate
  let limits: ServerLimits

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let sensor = ArrivalSensor()
      let encoder = HTTPResponseEncoder()
      let decoder = ByteToMessageHandler(
        HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoderLimits))
      let guardian = HTTPGuard(limits: limits)
      let admitted = Admitted()
      let admission = UpgradeAdmission(gate: gate) { admitted.store($0) }
      let upgrade = NIOTypedHTTPServerUpgradeHandler(
        httpEncoder: encoder, extraHTTPHandlers: [sensor, decoder, guardian, admission],
        upgradeConfiguration: .init(
          upgraders: [eventsUpgrader(admitted)],
          notUpgradingCompletionHandler: { channel in plainHTTP(channel, logger) }))
      try pipeline.addHandlers([sensor, encoder, decoder, guardian, admission, upgrade])
      return Value(outcome: upgrade.upgradeResultFuture, channel: channel)
    }
  }

  func handle(value: Value, logger: Logger) async {
    // A connection that ends before its first request has no outcome.
    guard let outcome = try? await value.outcome.get() else { return }
    switch outcome {
    case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
    case .events(let channel, let admission, let outbox):
      await EventSocket(channel: channel, admission: admission, outbox: outbox, gate: gate).run()
    }
  }

  private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
    var configuration = NIOHTTPDecoderLimitConfiguration()
    configuration.maxHeaderFieldSize = limits.headers
    configuration.maxHeaderListSize = limits.headers
    configuration.maxHeaderFieldCount = limits.headerCount
    return configuration
  }

  private func plainHTTP(_ channel: any Channel, _ logger: Logger) -> EventLoopFuture<Outcome> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: nil, logger: logger))
      return .http(
        try NIOAsyncChannel(
          wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }
  }

  private func eventsUpgrader(_ admitted: Admitted) -> NIOTypedWebSocketServerUpgrader<Outcome> {
    NIOTypedWebSocketServerUpgrader(
      maxFrameSize: limits.jsonBody,
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(admitted.headers) },
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          guard let admission = admitted.take() else { throw ChannelError.inappropriateOperationForState }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(ClientFrameRules())
          try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64, maxAccumulatedFrameSize: limits.jsonBody))
          try pipeline.addHandler(EventSocketQuiescence())
          let metrics = gate.plane.environment.metrics
          let outbox = try Outbox(channel, limit: limits.socketBacklog) { metrics.update { $0.socketsTooSlow += 1 } }
          return .events(try NIOAsyncChannel(wrappingChannelSynchronously: channel), admission, outbox)
        }
      })
  }
}

/// Carries the gate's decision from the request to the new pipeline of the same connection.
private final class Admitted: Sendable {
  private let admission = Mutex<EventGate.Admission?>(nil)

  func store(_ value: EventGate.Admission) { admission.withLock { $0 = value } }

  var headers: HTTPHeaders? { admission.withLock { $0?.headers } }

  func take() -> EventGate.Admission? {
    admission.withLock { admission in
      defer { admission = nil }
      return admission
    }
  }
}
