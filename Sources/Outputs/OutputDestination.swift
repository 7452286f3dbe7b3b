/// Where the programme goes: a file, or a server that it is pushed to.
public struct OutputDestination: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case file(Container)
    case rtmp
    case srt
  }

  public let kind: Kind
  /// What libavformat opens.
  private(set) var location: String
  /// What an RTMP server is told that it is called, where `location` does not say so.
  private(set) var tcURL: String?
  /// Whom a push connects to: a name, or an address without brackets; `nil` for a file.
  public let host: String?
  /// The destination without its secrets (stream key, passphrase, password), for logs and the API.
  public let redacted: String
  /// Whether the file is written in pieces that can be read one by one, so that all but the last survive a crash.
  public let isFragmented: Bool

  private static let longestURL = 2048

  /// - Parameter url: `rtmp://`, `rtmps://` or `srt://`, or a path that ends in `.mp4`, `.flv`, `.mkv`, `.webm` or `.ts`.
  public init(_ url: String) throws(OutputError) {
    let isPrintable = url.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard !url.isEmpty, url.utf8.count <= Self.longestURL, isPrintable else { throw .urlInvalid }
    isFragmented = false
    if let parts = URLParts(url) {
      kind = try Self.pushKind(parts)
      location = url
      redacted = parts.redacted
      host = parts.bareHost
    } else {
      let name = url[(url.lastIndex(of: "/").map { url.index(after: $0) } ?? url.startIndex)...]
      guard let container = Container(fileName: name) else { throw .containerUnsupported(String(name)) }
      kind = .file(container)
      // The prefix keeps libavformat from taking a name with a colon for a protocol.
      location = "file:" + url
      redacted = url
      host = nil
    }
  }

  /// An MP4 file of which this server itself has made the name.
  public init(recordingAt path: String) {
    kind = .file(.mp4)
    location = "file:" + path
    redacted = path
    host = nil
    isFragmented = true
  }

  /// The same place, connected to at this address whatever the name means to others; `nil` for `rtmps`, where the name
  /// is needed for the certificate, which guards it.
  ///
  /// - Parameter address: in network order, 4 or 16 bytes.
  public func pinned(to address: [UInt8]) -> OutputDestination? {
    guard let parts = URLParts(location), parts.scheme != "rtmps" else { return nil }
    var result = self
    result.location.replaceSubrange(
      parts.host.startIndex..<parts.host.endIndex, with: URLParts.hostText(of: address))
    if parts.scheme == "rtmp" { result.tcURL = parts.tcURL }
    return result
  }

  public var container: Container {
    switch kind {
    case .file(let container): container
    case .rtmp: .flv
    case .srt: .ts
    }
  }

  /// Whether packets go out live, each at once, and a lost connection is worth another attempt.
  public var isPush: Bool {
    if case .file = kind { false } else { true }
  }

  private static func pushKind(_ parts: URLParts) throws(OutputError) -> Kind {
    switch parts.scheme {
    case "rtmp", "rtmps":
      guard parts.isComplete, parts.path.count > 1 else { throw .urlInvalid }
      return .rtmp
    case "srt":
      guard parts.isComplete, parts.port != nil else { throw .urlInvalid }
      return .srt
    default: throw .schemeUnsupported(parts.scheme)
    }
  }
}
