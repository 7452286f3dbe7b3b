import Logging
import MediaWorker
import ServiceLifecycle
import SignalingServer
import Transport
import UnixSignals

/// Media worker and control plane wired together in one process.
struct Server: Sendable {
  let settings: ServerSettings
  let worker: MediaWorker
  let logger: Logger

  /// Binds the media socket.
  init(_ settings: ServerSettings, logger: Logger) throws {
    self.settings = settings
    self.logger = logger
    do {
      worker = try MediaWorker(
        .init(bind: settings.media, announced: settings.announced, lookup: SystemLookup.addresses))
    } catch {
      throw CommandFailure(message: "media address \(settings.media): \(error)")
    }
  }

  /// Serves until a signal or until `further` services end the group; then ends rooms and outputs in order.
  func run(
    with further: [any Service] = [], onBound: @escaping @Sendable (Int) async -> Void
  ) async throws {
    let signaling = HTTPService(service: try signalingService(onBound), address: settings.http)
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(service: WorkerService(worker: worker)), .init(service: signaling),
    ]
    services += further.map {
      .init(
        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .gracefullyShutdownGroup)
    }
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(20)
    try await ServiceGroup(configuration: configuration).run()
  }

  private func signalingService(_ onBound: @escaping @Sendable (Int) async -> Void) throws -> any Service {
    var limits = ServerLimits()
    limits.link = settings.links
    limits.recording = settings.recording
    settings.rooms.apply(to: &limits)
    do {
      return try makeSignalingService(
        configuration: SignalingServerConfiguration(
          httpAddress: .init(host: settings.http.ip, port: Int(settings.http.port)),
          dataDirectory: settings.dataDirectory, privateOutputs: settings.privateOutputs,
          privateWebhooks: settings.events.privateWebhooks, moderation: settings.events.moderation,
          operatorAccount: settings.operatorAccount,
          trustsProxy: settings.trustsProxy, gifts: settings.gifts, limits: limits),
        media: worker, logger: logger, onBound: onBound)
    } catch {
      let reason = CommandFailure.reason(of: error)
      throw CommandFailure(message: "data directory \(settings.dataDirectory): \(reason)")
    }
  }
}

/// The control plane; an error that ends it is told together with its address.
private struct HTTPService: Service {
  let service: any Service
  let address: SocketAddress

  func run() async throws {
    do {
      try await service.run()
    } catch {
      throw CommandFailure(message: "HTTP address \(address): \(CommandFailure.reason(of: error))")
    }
  }
}

/// Ends the media side after the control plane has stopped: the group shuts down in reverse order.
private struct WorkerService: Service {
  let worker: MediaWorker

  func run() async throws {
    try? await gracefulShutdown()
    await worker.shutdown()
  }
}
