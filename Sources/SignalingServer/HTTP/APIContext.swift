import Hummingbird
import NIOCore

/// What a handler knows besides the request.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The client's address without its port.
  var address: String
  /// The connection comes from this machine, and is not known to be one of a proxy.
  private(set) var isPeerLoopback: Bool
  /// Who asks, where that is known without a token in the request.
  var caller: Caller?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    address = source.channel.remoteAddress?.ipAddress ?? ""
    isPeerLoopback = address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
  }

  /// Takes the word of the proxy for whom it speaks, and knows of nobody any more that he is on this machine.
  mutating func speak(for address: String) {
    self.address = address
    isPeerLoopback = false
  }

  /// A part of the path. The router has decoded it; it only ever names things in memory or in the store.
  func part(_ name: String) throws(APIError) -> String {
    guard let value = parameters.get(name), !value.isEmpty, value.utf8.count <= 128 else { throw .notFound }
    return value
  }
}
