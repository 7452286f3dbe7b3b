import COpenSSL

/// OpenSSL's one start per process, before anything else of it is used.
enum OpenSSLLibrary {
  /// Without its cleaning up when the process exits: that takes away what other threads still use, and frees twice what a
  /// thread that is just ending frees itself (openssl/openssl#6214).
  static let isReady = OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1
}
