import ArgumentParser
import Logging
import MediaWorker

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run the server until SIGINT or SIGTERM.")

  @OptionGroup var options: ServerOptions

  func run() async throws {
    let logger = Logger(label: "mixd")
    let settings = try await ServerSettings.resolve(options)
    let server = try Server(settings, logger: logger)
    try await server.run { port in
      logger.info(
        "listening",
        metadata: [
          "http": "http://\(settings.http.withPort(UInt16(clamping: port)))", "media": "\(server.worker.localAddress)",
        ])
      guard let bytes = server.worker.shortReceiveBuffer else { return }
      logger.warning(
        "small receive buffer: bursts of media are lost; run sysctl -w net.core.rmem_max=4194304 and start again",
        metadata: ["bytes": "\(bytes)"])
    }
  }
}
