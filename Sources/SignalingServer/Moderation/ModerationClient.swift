import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks the operator's moderation over HTTP.
final class ModerationClient: Sendable {
  private let settings: ModerationSettings
  private let limit: Int
  private let client: HTTPClient

  init(_ settings: ModerationSettings, limits: ModerationLimits) {
    self.settings = settings
    limit = limits.answer
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .milliseconds(Int64(settings.timeout * 1000))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.concurrency
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }

  deinit {
    _ = client.shutdown() as EventLoopFuture<Void>
  }

  func ask(_ question: ModerationQuestion) async throws -> ModerationAnswer {
    let body = String(buffer: try JSON.encode(question))
    let timestamp = Int64(Date().timeIntervalSince1970)
    var request = HTTPClientRequest(url: settings.url)
    request.method = .POST
    request.headers = [
      "Content-Type": "application/json", "User-Agent": "mixd-moderation/1", "Mixd-Timestamp": "\(timestamp)",
    ]
    if let secret = settings.secret {
      let signature = WebhookSignature(secret: secret).header(timestamp: timestamp, body: body)
      request.headers.add(name: "Mixd-Signature", value: signature)
    }
    request.body = .bytes(ByteBuffer(string: body))
    let response = try await client.execute(request, timeout: .milliseconds(Int64(settings.timeout * 1000)))
    guard response.status == .ok else { throw APIError.moderationUnavailable }
    return try JSON.decode(ModerationAnswer.self, from: try await response.body.collect(upTo: limit))
  }
}
