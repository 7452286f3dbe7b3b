public import MixCore
public import Transport

/// Why a synthetic client could not start or has ended.
public enum SyntheticClientError: Error, Sendable, Equatable {
  /// The UDP socket could not be opened or bound; `code` is an `errno`.
  case socket(code: Int32)
  /// The thread could not be started; `code` is an `errno`.
  case thread(code: Int32)
  case transport(TransportError)
  case negotiation(NegotiationError)
  case video(CodecError)
  case audio(OpusError)
  /// No connection within the time allowed.
  case connectTimeout
  /// The session ended.
  case closed(CloseReason)
  /// `start` was called a second time, or after `stop`.
  case alreadyUsed
}
