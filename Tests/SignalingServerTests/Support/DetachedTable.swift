import Foundation
import Logging
import Signaling

@testable import SignalingServer

extension EndpointTable {
  /// The table of a server that does not run: to be looked at, not to be used.
  static func detached() async throws -> EndpointTable {
    let folder = NSTemporaryDirectory() + "mixd-table-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try SQLiteStore(path: folder + "/db")
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let (gateway, clock) = (MediaGateway(backend: RecordingMedia(), timeout: 1), ServerClock())
    let environment = LiveRoom.Environment(
      store: store, chats: ChatJournal(store: store, logger: logger),
      recordings: RecordingFiles(dataDirectory: folder), gifts: .standard, media: gateway,
      links: LinkService(limits: ServerLimits().link, clock: clock, media: gateway, logger: logger), clock: clock,
      limits: ServerLimits(), metrics: ServerMetrics(), logger: logger)
    let passwords = try PasswordWorker(
      cost: PasswordCost(rounds: 1, blockSize: 1, parallelism: 1), threads: 1, queue: 1)
    defer { Task { await passwords.shutdown() } }
    let identity = IdentityService(
      tokens: await TokenAuthority(secret: Secret.make()), store: store, book: SessionBook(), passwords: passwords,
      rates: SignInRates(environment.limits), limits: environment.limits, logger: logger)
    return EndpointTable(
      ControlPlane(
        identity: identity, rooms: RoomRegistry(environment: environment, layouts: ["pip"]),
        webhooks: WebhookRegistry(
          store: store, journal: .silent, limits: WebhookLimits(), allowsPrivate: false, metrics: ServerMetrics(),
          logger: logger), environment: environment, changePace: ChangePace(environment.limits),
        sockets: SocketPlaces(environment.limits),
        allowedOrigins: [], trustsProxy: false))
  }
}
