import ArgumentParser
import Configuration
import SignalingServer
import SystemPackage
import Transport

/// Where the server listens and keeps its data: command line before environment before file before default.
struct ServerOptions: ParsableArguments {
  @Option(help: "JSON file with the keys http, media, announce, data, outputs.allowPrivate.")
  var config: String?

  @Option(help: "Address of the HTTP API and pages (default 127.0.0.1:8080).")
  var http: String?

  @Option(help: "UDP address of all media (default 127.0.0.1:7000).")
  var media: String?

  @Option(help: "HOST[:PORT] that ICE candidates name when the server is behind NAT or a proxy.")
  var announce: String?

  @Option(help: "Directory of the database and the token secret (default ./data).")
  var data: String?
}

/// The resolved options.
struct ServerSettings: Sendable {
  var http: SocketAddress
  var media: SocketAddress
  var announced: [SocketAddress]
  var dataDirectory: String
  var allowPrivateOutputs: Bool

  /// Reads every source once; a value that cannot be used names itself and what is expected.
  static func resolve(_ options: ServerOptions) async throws -> ServerSettings {
    let reader = try await configuration(file: options.config)
    let http = try address(
      options.http ?? reader.string(forKey: "http", default: "127.0.0.1:8080"), option: "--http")
    let media = try address(
      options.media ?? reader.string(forKey: "media", default: "127.0.0.1:7000"), option: "--media")
    let announce = options.announce ?? reader.string(forKey: "announce")
    return ServerSettings(
      http: http, media: media, announced: try announce.map { try HostLookup.addresses(of: $0) } ?? [],
      dataDirectory: options.data ?? reader.string(forKey: "data", default: "data"),
      // A server that only this machine can reach may push to this machine; any other must be told so.
      allowPrivateOutputs: reader.bool(forKey: "outputs.allowPrivate", default: http.isLoopback))
  }

  private static func configuration(file: String?) async throws -> ConfigReader {
    let environment = EnvironmentVariablesProvider().prefixKeys(with: "mixd")
    guard let file else { return ConfigReader(provider: environment) }
    do {
      return ConfigReader(providers: [
        environment, try await FileProvider<JSONSnapshot>(filePath: FilePath(file)),
      ])
    } catch {
      throw ValidationError("\(file): cannot be read as a JSON configuration (\(error))")
    }
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
