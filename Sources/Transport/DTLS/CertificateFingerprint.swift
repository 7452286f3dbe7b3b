import COpenSSL

/// The SHA-256 digest of a certificate in DER (RFC 8122 §5).
struct CertificateFingerprint: Equatable, CustomStringConvertible {
  private let bytes: [UInt8]

  private static let length = 32

  @unsafe init?(of certificate: OpaquePointer) {
    var digest = [UInt8](repeating: 0, count: Self.length)
    var written: UInt32 = 0
    let result = unsafe digest.withUnsafeMutableBufferPointer { digest in
      unsafe X509_digest(certificate, EVP_sha256(), digest.baseAddress, &written)
    }
    guard result == 1, written == UInt32(Self.length) else { return nil }
    bytes = digest
  }

  /// - Parameter bytes: the 32 bytes of a session description.
  init(bytes: [UInt8]) { self.bytes = bytes }

  var description: String {
    bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return byte < 16 ? "0" + digits : digits
    }.joined(separator: ":")
  }
}
