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
    worker = try MediaWorker(.init(bind: settings.media, announced: settings.announced))
  }

  /// Serves until a signal or until `further` services end the group; then ends rooms and outputs in order.
  func run(
    with further: [any Service] = [], onBound: @escaping @Sendable (Int) async -> Void
  ) async throws {
    let signaling = try makeSignalingService(
      configuration: SignalingServerConfiguration(
        httpAddress: .init(host: settings.http.ip, port: Int(settings.http.port)),
        dataDirectory: settings.dataDirectory, allowPrivateOutputs: settings.allowPrivateOutputs),
      media: worker, logger: logger, onBound: onBound)
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
}

/// Ends the media side after the control plane has stopped: the group shuts down in reverse order.
private struct WorkerService: Service {
  let worker: MediaWorker

  func run() async throws {
    try? await gracefulShutdown()
    await worker.shutdown()
  }
}
