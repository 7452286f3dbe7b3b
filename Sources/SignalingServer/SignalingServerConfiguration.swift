public import Signaling

/// How the control plane of one server is set up.
public struct SignalingServerConfiguration: Sendable {
  /// Where the HTTP listener binds; port 0 lets the system choose.
  public struct Address: Sendable, Equatable {
    public var host: String
    public var port: Int
    public init(host: String = "127.0.0.1", port: Int = 8080) {
      self.host = host
      self.port = port
    }
  }

  public var httpAddress: Address
  /// Database and token secret live here; made when absent.
  public var dataDirectory: String
  /// The HMAC key of user tokens; `nil` keeps a random one in the data directory (mode 0600).
  public var tokenSecret: String?
  /// Who may send outputs to loopback and private addresses. On a public server a push URL is a way into its network.
  public enum PrivateOutputs: Sendable {
    case never
    /// Requests that were made on this machine: to a loopback name, and not passed on by a proxy.
    case fromThisMachine
    case always

    func allow(ifFromThisMachine isLocal: @autoclosure () -> Bool) -> Bool {
      switch self {
      case .never: false
      case .fromThisMachine: isLocal()
      case .always: true
      }
    }
  }

  public var privateOutputs: PrivateOutputs
  /// Whether webhooks may be on loopback and private addresses, and without TLS.
  public var privateWebhooks: Bool
  /// Who is asked before a text is shown; `nil` asks nobody.
  public var moderation: ModerationSettings?
  /// Further web origins whose pages may open the events socket, such as `https://example.org`.
  public var allowedOrigins: [String]
  /// Who runs the platform, if anybody.
  public var operatorAccount: OperatorAccount?
  /// Whether every request comes through a proxy that says in `X-Forwarded-For` whom it speaks for.
  public var trustsProxy: Bool
  /// Layout names the media side knows.
  public var layouts: [String]
  public var gifts: GiftCatalogue
  public var limits: ServerLimits

  public init(
    httpAddress: Address = Address(), dataDirectory: String, tokenSecret: String? = nil,
    privateOutputs: PrivateOutputs = .never, privateWebhooks: Bool = false, moderation: ModerationSettings? = nil,
    allowedOrigins: [String] = [], operatorAccount: OperatorAccount? = nil, trustsProxy: Bool = false,
    layouts: [String] = ["pip", "grid", "side-by-side"], gifts: GiftCatalogue = .standard,
    limits: ServerLimits = ServerLimits()
  ) {
    self.httpAddress = httpAddress
    self.dataDirectory = dataDirectory
    self.tokenSecret = tokenSecret
    self.privateOutputs = privateOutputs
    self.privateWebhooks = privateWebhooks
    self.moderation = moderation
    self.allowedOrigins = allowedOrigins
    self.operatorAccount = operatorAccount
    self.trustsProxy = trustsProxy
    self.layouts = layouts
    self.gifts = gifts
    self.limits = limits
  }
}
