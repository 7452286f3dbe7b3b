import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// What became of one try.
struct WebhookAnswer: Sendable, Equatable {
  /// `nil` if there was none.
  var status: Int?
  /// What went wrong: a code and a sentence.
  var reason: String?

  var isTaken: Bool { status.map { (200..<300).contains($0) } ?? false }
  /// The receiver wants no more, ever (410).
  var isFinal: Bool { status == 410 }

  static func failed(_ code: String, _ sentence: String) -> WebhookAnswer {
    WebhookAnswer(status: nil, reason: "webhook.\(code): \(sentence)")
  }
}

extension WebhookAnswer {
  /// Why a connection gave no answer, without anything of addresses or of what the receiver sent.
  init(_ error: any Error) {
    switch error {
    case let error as HTTPClientError: self.init(error)
    case is CancellationError: self = .failed("stopped", "The server stopped.")
    case is HTTPParserError: self = .failed("not-http", "The answer is not HTTP.")
    case is IOError, is NIOConnectionError, is ChannelError:
      self = .failed("unreachable", "The connection could not be made.")
    default:
      let isTLS = String(reflecting: type(of: error)).contains("SSL")
      self = isTLS ? .failed("tls", "TLS failed.") : .failed("failed", "The connection failed.")
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .deadlineExceeded, .connectTimeout, .readTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      self = .failed("timeout", "There was no answer in time.")
    case .remoteConnectionClosed: self = .failed("closed", "The connection was closed without an answer.")
    case .cancelled: self = .failed("stopped", "The server stopped.")
    default: self = .failed("failed", "The connection failed (\(error.shortDescription)).")
    }
  }
}
