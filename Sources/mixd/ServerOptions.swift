import ArgumentParser
import Configuration
import Signaling
import SignalingServer
import SystemPackage
import Transport

/// Where the server listens and keeps its data: command line before environment before file before default.
struct ServerOptions: ParsableArguments {
  @Option(
    help: """
      JSON file with the keys http, media, announce, data, outputs.allowPrivate, gifts, links, rooms, \
      recording, operator, proxy.
      """)
  var config: String?

  @Option(help: "Address of the HTTP API and pages (default 127.0.0.1:8080).")
  var http: String?

  @Option(help: "UDP address of all media (default 127.0.0.1:7000).")
  var media: String?

  @Option(help: "HOST[:PORT] that ICE candidates name when the server is behind NAT or a proxy.")
  var announce: String?

  @Option(help: "Directory of the database, the token secret and recordings (default ./data).")
  var data: String?
}

/// The resolved options.
struct ServerSettings: Sendable {
  var http: SocketAddress
  var media: SocketAddress
  var announced: [SocketAddress]
  var dataDirectory: String
  var privateOutputs: SignalingServerConfiguration.PrivateOutputs
  var operatorAccount: OperatorAccount?
  var trustsProxy = false
  var gifts = GiftCatalogue.standard
  var links = LinkLimits()
  var rooms = OpenRooms()
  var recording = RecordingLimits()
  var events = EventSettings()

  /// Reads every source once; a value that cannot be used names itself and what is expected.
  static func resolve(_ options: ServerOptions) async throws -> ServerSettings {
    let reader = try await configuration(file: options.config)
    let http = try address(try await text(options.http, reader, "http") ?? "127.0.0.1:8080", option: "--http")
    let media = try address(try await text(options.media, reader, "media") ?? "127.0.0.1:7000", option: "--media")
    let announce = try await text(options.announce, reader, "announce")
    return ServerSettings(
      http: http, media: media, announced: try announce.map { try HostLookup.addresses(of: $0) } ?? [],
      dataDirectory: try await text(options.data, reader, "data") ?? "data",
      privateOutputs: privateOutputs(try await reader.flag("outputs.allowPrivate"), http: http),
      operatorAccount: try await operatorAccount(reader),
      trustsProxy: try await reader.flag("proxy.trusted") ?? false,
      gifts: try await text(nil, reader, "gifts").map(GiftFile.read) ?? .standard,
      links: try await LinkLimits.read(reader),
      rooms: try await OpenRooms(reader),
      recording: try await RecordingLimits.read(reader),
      events: try await EventSettings(reader))
  }

  private static func text(
    _ option: String?, _ reader: ConfigReader, _ name: String, isSecret: Bool = false
  ) async throws -> String? {
    if let option { return option }
    do {
      return try await reader.fetchString(forKey: ConfigKey(name), isSecret: isSecret)
    } catch {
      throw CommandFailure(message: "the setting \(name) must be a text")
    }
  }

  private static func operatorAccount(_ reader: ConfigReader) async throws -> OperatorAccount? {
    let name = try await text(nil, reader, "operator.name")
    let password = try await text(nil, reader, "operator.password", isSecret: true)
    switch (name, password) {
    case (nil, nil): return nil
    case (let name?, let password?):
      do {
        return try OperatorAccount(name: name, password: password)
      } catch {
        throw CommandFailure(message: "the settings operator.name and operator.password: \(error)")
      }
    default: throw CommandFailure(message: "operator.name and operator.password go together")
    }
  }

  private static func configuration(file: String?) async throws -> ConfigReader {
    let environment = EnvironmentVariablesProvider().prefixKeys(with: "mixd")
    guard let file else { return ConfigReader(provider: environment) }
    do {
      return ConfigReader(providers: [
        environment, try await FileProvider<JSONSnapshot>(filePath: FilePath(file)),
      ])
    } catch {
      throw CommandFailure(message: "--config \(file): cannot be read as JSON (\(CommandFailure.reason(of: error)))")
    }
  }

  /// Where nothing is said, whoever is on this machine may push to it: trying things out needs no configuration.
  private static func privateOutputs(
    _ allowed: Bool?, http: SocketAddress
  ) -> SignalingServerConfiguration.PrivateOutputs {
    guard let allowed else { return http.isLoopback ? .fromThisMachine : .never }
    return allowed ? .always : .never
  }

  private static func address(_ text: String, option: String) throws -> SocketAddress {
    guard let address = SocketAddress(text) else {
      throw ValidationError("\(option) \(text): expected ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080")
    }
    return address
  }
}

extension SocketAddress {
  /// 127.0.0.0/8 or ::1.
  var isLoopback: Bool { ip.hasPrefix("127.") || ip == "::1" }
}
