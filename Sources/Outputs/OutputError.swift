/// Why packets do not reach their destination. The texts come from the operating system or the media library.
public enum OutputError: Error, Sendable, Equatable {
  /// Not a URL or path that names a destination.
  case urlInvalid
  /// A scheme that nothing is pushed by.
  case schemeUnsupported(String)
  /// A file name whose extension names no known container.
  case containerUnsupported(String)
  /// A codec that does not belong into the container.
  case formatUnsupported
  /// The host is in the server's own network, where this output may not go.
  case privateAddress
  /// Nobody answers at the address.
  case unreachable(String)
  /// The server did not answer or take data in time.
  case timedOut
  /// The server answered and said no.
  case refused(String)
  /// The connection ended while media was flowing.
  case connectionLost(String)
  /// There is no room for the file.
  case diskFull
  /// The file cannot be made: missing directory, missing permission, a directory of that name.
  case fileNotWritable(String)
  /// Any other failure to write.
  case io(String)
  /// Something that was to be written was thrown away, because too much of it waited.
  case incomplete
  /// The output was told to end.
  case stopped

  /// Stable name for logs and the API.
  public var code: String {
    switch self {
    case .urlInvalid: "output.url-invalid"
    case .schemeUnsupported: "output.scheme-unsupported"
    case .containerUnsupported: "output.container-unsupported"
    case .formatUnsupported: "output.format-unsupported"
    case .privateAddress: "output.private"
    case .unreachable: "output.unreachable"
    case .timedOut: "output.timed-out"
    case .refused: "output.refused"
    case .connectionLost: "output.connection-lost"
    case .diskFull: "output.disk-full"
    case .fileNotWritable: "output.file-not-writable"
    case .io: "output.io"
    case .incomplete: "output.incomplete"
    case .stopped: "output.stopped"
    }
  }

  /// One sentence for people.
  public var message: String {
    switch self {
    case .urlInvalid: "This is not a valid destination."
    case .schemeUnsupported(let scheme): "Nothing is pushed by \(scheme)."
    case .containerUnsupported(let name): "\(name) has no extension that names a known container."
    case .formatUnsupported: "The container cannot hold this codec."
    case .privateAddress: "Private and loopback addresses are not allowed here."
    case .unreachable(let reason): "The server does not answer: \(reason)."
    case .timedOut: "The server did not answer in time."
    case .refused(let reason): "The server refused the stream: \(reason)."
    case .connectionLost(let reason): "The connection was lost: \(reason)."
    case .diskFull: "The disk is full."
    case .fileNotWritable(let reason): "The file cannot be written: \(reason)."
    case .io(let reason): "Writing failed: \(reason)."
    case .incomplete: "Something was left out, because writing took too long."
    case .stopped: "The output was stopped."
    }
  }

  /// Whether it is up to whoever named the destination to repair it, not to this server.
  public var isDestinationFault: Bool {
    switch self {
    case .formatUnsupported, .diskFull, .io, .incomplete, .stopped: false
    default: true
    }
  }

  /// Whether a further attempt can never do better.
  public var isPermanent: Bool {
    switch self {
    // A name may mean something else next time.
    case .privateAddress, .unreachable, .timedOut, .refused, .connectionLost, .io: false
    default: true
    }
  }
}
