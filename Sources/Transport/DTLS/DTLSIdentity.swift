import COpenSSL

/// The certificate this process shows to its DTLS peers, and the settings all its connections share.
@safe public final class DTLSIdentity: @unchecked Sendable {
  // @unchecked: the OpenSSL context is changed only in init; making connections from it is thread-safe.

  /// SHA-256 of the certificate as SDP writes it: upper-case hexadecimal bytes between colons (RFC 8122 §5).
  public let fingerprint: String

  @unsafe private let context: OpaquePointer

  /// A chain of self-signed certificates has one member; a larger one than this is an attack.
  private static let maximumCertificateBytes = 8 * 1024

  private static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA"

  /// Makes a new P-256 key and a self-signed certificate for it.
  public init() throws(TransportError) {
    guard OpenSSLLibrary.isReady else { throw .certificateFailed }
    let (key, certificate) = try unsafe SelfSignedCertificate.make()
    defer {
      unsafe EVP_PKEY_free(key)
      unsafe X509_free(certificate)
    }
    guard let digest = unsafe CertificateFingerprint(of: certificate), let context = unsafe SSL_CTX_new(DTLS_method())
    else { throw .certificateFailed }
    fingerprint = digest.description
    unsafe self.context = unsafe context
    guard
      unsafe SSL_CTX_use_certificate(context, certificate) == 1, unsafe SSL_CTX_use_PrivateKey(context, key) == 1,
      unsafe openssl_ctx_allow_only_dtls12(context) == 1,
      unsafe SSL_CTX_set_cipher_list(context, Self.ciphers) == 1,
      unsafe openssl_ctx_set_groups(context, "X25519:P-256:P-384:P-224") == 1,
      // This function alone returns 0 for success.
      unsafe SSL_CTX_set_tlsext_use_srtp(context, SRTPProfile.offeredNames) == 0
    else { throw .certificateFailed }
    unsafe openssl_ctx_set_dtls_options(context)
    unsafe openssl_ctx_set_max_certificate_list(context, Self.maximumCertificateBytes)
    unsafe openssl_ctx_require_any_certificate(context)
  }

  deinit { unsafe SSL_CTX_free(context) }

  /// A new connection object, owned by the caller.
  @unsafe func makeConnection() -> OpaquePointer? { unsafe SSL_new(context) }
}

/// Makes the key and certificate of one process.
enum SelfSignedCertificate {
  private static let day = 86_400
  private static let validity = 10 * 365 * day

  @unsafe static func make() throws(TransportError) -> (key: OpaquePointer, certificate: OpaquePointer) {
    guard let key = unsafe openssl_generate_p256_key() else { throw .certificateFailed }
    guard let certificate = unsafe X509_new() else {
      unsafe EVP_PKEY_free(key)
      throw .certificateFailed
    }
    guard unsafe fill(certificate, key: key) else {
      unsafe EVP_PKEY_free(key)
      unsafe X509_free(certificate)
      throw .certificateFailed
    }
    return unsafe (key, certificate)
  }

  @unsafe private static func fill(_ certificate: OpaquePointer, key: OpaquePointer) -> Bool {
    let name = unsafe X509_get_subject_name(certificate)
    let serial = Int.random(in: 1..<Int.max)
    // Valid since yesterday, for peers whose clock is behind.
    return unsafe X509_set_version(certificate, 2) == 1
      && ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) == 1
      && X509_gmtime_adj(X509_getm_notBefore(certificate), -day) != nil
      && X509_gmtime_adj(X509_getm_notAfter(certificate), validity) != nil
      && X509_set_pubkey(certificate, key) == 1
      && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC_VALUE, "WebRTC", -1, -1, 0) == 1
      && X509_set_issuer_name(certificate, name) == 1
      && X509_sign(certificate, key, EVP_sha256()) > 0
  }

  /// `MBSTRING_ASC`, which is an expression of macros.
  private static let MBSTRING_ASC_VALUE: Int32 = 0x1001
}
