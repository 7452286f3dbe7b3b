import HTTPTypes
import NIOHTTP1

/// What of the request that opened a socket counts for the calls that come over it.
struct RequestOrigin: Sendable {
  let address: String
  let authority: String?
  /// What proxies said of it.
  let forwarding: HTTPFields

  init(_ head: HTTPRequestHead, peer: String, trustsProxy: Bool) {
    authority = head.headers.first(name: "Host")
    var fields = HTTPFields()
    for name in ClientAddress.forwarding {
      let values = head.headers[name.rawName]
      if !values.isEmpty { fields[name] = values.joined(separator: ", ") }
    }
    forwarding = fields
    let field = head.headers[ClientAddress.forwardedFor.rawName].last
    address = trustsProxy ? ClientAddress.last(in: field, else: peer) : peer
  }
}
