import Crypto
import Foundation

/// How a receiver knows that a message is ours and not an old one sent again.
struct WebhookSignature: Sendable {
  private let secret: String

  init(secret: String) { self.secret = secret }

  /// The value of `Mixd-Signature`: HMAC-SHA256 over `{timestamp}.{body}`.
  func header(timestamp: Int64, body: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(timestamp).\(body)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
    return "v1=" + hexadecimal(code)
  }

  /// The JSON object `body` with the fields older platforms sign by: `t`, when it expires, and `sign`, MD5 over secret
  /// and `t`.
  func legacy(_ body: String, timestamp: Int64) -> String {
    let expiry = timestamp + 600
    let sign = hexadecimal(Insecure.MD5.hash(data: Data("\(secret)\(expiry)".utf8)))
    return String(body.dropLast()) + #","sign":"\#(sign)","t":\#(expiry)}"#
  }

  private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return bytes.reduce(into: "") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}
