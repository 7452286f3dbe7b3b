import AsyncHTTPClient
import NIOCore
import NIOPosix

/// An HTTP client for one host name that connects to one address and to nothing else, whatever the name means later.
///
/// Certificates are still checked for the name. Its connections end when it is no longer used.
final class PinnedClient: Sendable {
  let host: String
  let address: SocketAddress
  let client: HTTPClient

  /// `address` may have any port; that of the URL counts.
  init(host: String, address: SocketAddress, connectTimeout: Double) {
    self.host = host
    self.address = address
    var configuration = HTTPClient.Configuration()
    configuration.dnsOverride = address.ipAddress.map { [host: $0] } ?? [:]
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .milliseconds(Int64(connectTimeout * 1000))
    // Shorter than receivers keep theirs, so that a message seldom meets a connection that just ends.
    configuration.connectionPool.idleTimeout = .seconds(4)
    configuration.connectionPool.retryConnectionEstablishment = false
    let expected = address.ipAddress
    configuration.http1_1ConnectionDebugInitializer = { channel in
      guard channel.remoteAddress?.ipAddress == expected else {
        return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
      }
      return channel.eventLoop.makeSucceededVoidFuture()
    }
    client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }

  deinit {
    _ = client.shutdown() as EventLoopFuture<Void>
  }
}
