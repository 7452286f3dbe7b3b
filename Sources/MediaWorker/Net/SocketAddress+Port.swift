public import Transport

extension SocketAddress {
  public func withPort(_ port: UInt16) -> SocketAddress {
    if let ipv4 { return SocketAddress(ipv4: ipv4, port: port) }
    return SocketAddress(ipv6: high, low, port: port)
  }
}
