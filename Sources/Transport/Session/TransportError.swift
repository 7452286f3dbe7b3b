/// Why a transport object could not be made.
public enum TransportError: Error, Sendable, Equatable {
  /// OpenSSL could not make the key, the certificate or the context.
  case certificateFailed
  /// OpenSSL could not make a DTLS connection.
  case dtlsFailed
  /// libsrtp refused to start or to take the keys.
  case srtpFailed
}
