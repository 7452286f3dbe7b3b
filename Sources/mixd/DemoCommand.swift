import ArgumentParser
import Logging
import MediaControl
import SignalingServer
import Transport

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run the server with one room and two synthetic participants over real ICE, DTLS and SRTP.")

  @Option(help: "Seconds to run; without it until Ctrl-C.")
  var duration: Int?

  @Option(help: "FILE (.mp4 .flv .mkv .webm .ts) or push URL that gets the mixed programme.")
  var output: String?

  @Option(help: "Address of the HTTP API and pages; port 0 takes any free one.")
  var http = "127.0.0.1:8080"

  @Option(help: "UDP address of all media; port 0 takes any free one.")
  var media = "127.0.0.1:0"

  @Option(help: "Write the latency table as JSON.")
  var json: String?

  func validate() throws {
    if let duration, !(1...86_400).contains(duration) {
      throw ValidationError("--duration \(duration): must be from 1 to 86400 seconds")
    }
  }

  func run() async throws {
    guard let http = SocketAddress(http), let media = SocketAddress(media) else {
      throw ValidationError("--http and --media expect ADDRESS:PORT")
    }
    if let output { try DemoOutput.check(output) }
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    var logger = Logger(label: "mixd")
    logger.logLevel = .warning
    let settings = ServerSettings(
      http: http, media: media, announced: [], dataDirectory: directory.path, privateOutputs: .always)
    let server = try Server(settings, logger: logger)
    let port = PortBox()
    let demo = DemoService(
      server: server, port: port, duration: duration, output: output, jsonPath: json)
    try await server.run(with: [demo]) { port.set($0) }
    if let failure = await demo.outcome.failure { throw failure }
  }
}

/// Hands the bound port from the server to the demonstration.
struct PortBox: Sendable {
  private let channel = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))

  func set(_ port: Int) { channel.continuation.yield(port) }

  /// Waits until the server listens, or until the task is cancelled because it cannot.
  func get() async throws -> Int {
    for await port in channel.stream { return port }
    throw CancellationError()
  }
}
