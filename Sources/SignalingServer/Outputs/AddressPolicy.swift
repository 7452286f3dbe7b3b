import MediaControl

/// Keeps outputs off the server's own network. Every address a name resolves to must be a public one.
enum AddressPolicy {
  /// Refuses at once what the worker would refuse at every connection, or what nobody knows in time.
  static func requirePublic(_ url: OutputURL, by resolver: AddressResolver, within limit: Double) async throws(APIError)
  {
    let addresses = try await resolver.addresses(
      of: url.host, until: .now + .seconds(limit), orElse: .outputUnresolved)
    guard addresses.allSatisfy(PublicAddress.includes) else { throw .outputPrivate }
  }
}
