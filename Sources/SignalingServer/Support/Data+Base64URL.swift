import Foundation

extension Data {
  /// Base64 with the alphabet for URLs and without padding (RFC 4648 §5).
  var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
