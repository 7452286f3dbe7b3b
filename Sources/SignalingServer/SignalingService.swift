import Foundation
import Hummingbird
import HummingbirdCore
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
  try SignalingService(configuration: configuration, media: media, logger: logger, onBound: onBound)
}

struct SignalingService: Service, CustomStringConvertible {
  private let configuration: SignalingServerConfiguration
  private let environment: LiveRoom.Environment
  private let webhooks: WebhookRegistry
  private let media: any MediaBackend
  private let secret: String
  private let store: SQLiteStore
  private let pages: PageRoutes
  private let onBound: @Sendable (Int) async -> Void

  init(
    configuration: SignalingServerConfiguration, media: any MediaBackend, logger: Logger,
    onBound: @escaping @Sendable (Int) async -> Void
  ) throws {
    let folder = configuration.dataDirectory
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    self.configuration = configuration
    self.media = media
    self.onBound = onBound
    secret = try configuration.tokenSecret ?? SecretFile.load(path: folder + "/token.key")
    pages = try PageRoutes(directory: Bundle.module.bundleURL.appendingPathComponent("Web"))
    store = try SQLiteStore(path: folder + "/mixd.sqlite", limits: configuration.limits.room)
    let recordings = RecordingFiles(dataDirectory: folder, logger: logger)
    try store.wakeRecordings(recordings)
    let (limits, metrics) = (configuration.limits, ServerMetrics())
    let gateway = MediaGateway(backend: media, timeout: limits.mediaTimeout)
    let clock = ServerClock()
    environment = LiveRoom.Environment(
      store: store, chats: ChatJournal(store: store, logger: logger), recordings: recordings,
      gifts: configuration.gifts, media: gateway,
      links: LinkService(limits: limits.link, clock: clock, media: gateway, logger: logger), clock: clock,
      limits: limits, metrics: metrics, webhooks: WebhookJournal(store: store),
      moderator: Moderator(configuration.moderation, limits: limits.moderation, metrics: metrics),
      book: SessionBook(), privateOutputs: configuration.privateOutputs, logger: logger)
    webhooks = WebhookRegistry(
      store: store, journal: environment.webhooks, limits: limits.webhooks,
      allowsPrivate: configuration.privateWebhooks, metrics: metrics, logger: logger)
  }

  /// Services are named in logs; this one knows secrets.
  var description: String { "mixd control plane" }

  func run() async throws {
    let identity = try await makeIdentity()
    let plane = ControlPlane(
      identity: identity, rooms: RoomRegistry(environment: environment, layouts: configuration.layouts),
      webhooks: webhooks, environment: environment, changePace: ChangePace(configuration.limits),
      sockets: SocketPlaces(configuration.limits),
      allowedOrigins: configuration.allowedOrigins, trustsProxy: configuration.trustsProxy,
      recordingLinks: RecordingLinks(secret: secret))
    await environment.links.attach { [rooms = plane.rooms] id in await rooms.loadedRoom(id) }
    try await webhooks.load()
    let responder = router(plane).buildResponder()
    let gate = EventGate(plane: plane) { request, context in try await responder.respond(to: request, context: context)
    }
    let limits = configuration.limits
    let application = Application(
      responder: responder,
      server: HTTPServerBuilder { UpgradableHTTPChannel(responder: $0, gate: gate, limits: limits) },
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.httpAddress.host, port: configuration.httpAddress.port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: environment.logger)),
      services: [
        webhooks.dispatcher,
        MediaEventPump(
          events: media.events, lanes: EventLanes { [rooms = plane.rooms] in await rooms.handle($0) },
          metrics: environment.metrics),
        IdentityKeeper(identity: identity),
        RoomReaper(rooms: plane.rooms, interval: limits.tidyInterval),
        StoreSweeper(
          store: store, recordings: environment.recordings, book: environment.book, limits: limits,
          logger: environment.logger),
        SessionWatch(identity: identity, rooms: plane.rooms),
      ],
      onServerRunning: { [onBound] channel in await onBound(channel.localAddress?.port ?? 0) },
      logger: environment.logger)
    try await application.run()
  }

  private func makeIdentity() async throws -> IdentityService {
    let limits = configuration.limits
    let passwords = try PasswordWorker(
      cost: limits.passwordCost, threads: limits.passwordThreads, queue: limits.passwordQueue)
    let identity = IdentityService(
      tokens: await TokenAuthority(secret: secret), store: store, book: environment.book, passwords: passwords,
      rates: SignInRates(limits), limits: limits, logger: environment.logger)
    try await identity.load()
    try await identity.install(configuration.operatorAccount)
    return identity
  }

  private func router(_ plane: ControlPlane) -> Router<APIContext> {
    let router = Router(context: APIContext.self)
    if configuration.trustsProxy { router.add(middleware: TrustedProxyMiddleware()) }
    router.add(middleware: ErrorMiddleware(metrics: environment.metrics))
    router.add(middleware: ExactPathMiddleware())
    EndpointTable(plane).add(to: router, gatekeeper: Gatekeeper(plane: plane))
    pages.add(to: router)
    return router
  }
}
