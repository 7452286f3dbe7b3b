extension RTCSession {
  /// Which side of the offer this session is.
  public enum Role: Sendable {
    /// Answers; ICE-lite on a public address.
    case server
    /// Offers; checks and nominates addresses of a lite server.
    case client
  }

  public struct Configuration: Sendable {
    public var role: Role
    /// Made once per process and shared by its sessions.
    public var certificate: DTLSIdentity
    /// The addresses our candidates announce, best first. A client may have none.
    public var hostCandidates: [SocketAddress]
    /// For tests that must repeat; `nil` takes everything unpredictable from the system.
    public var seed: UInt64?

    public init(role: Role, certificate: DTLSIdentity, hostCandidates: [SocketAddress] = [], seed: UInt64? = nil) {
      self.role = role
      self.certificate = certificate
      self.hostCandidates = hostCandidates
      self.seed = seed
    }
  }
}
