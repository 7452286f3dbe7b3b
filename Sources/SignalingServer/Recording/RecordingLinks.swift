import Crypto
import Foundation

/// Addresses that give one recording's file to whoever has them, for a while: players and downloads of browsers send no
/// token of their own.
struct RecordingLinks: Sendable {
  /// Milliseconds.
  static let lifetime: Int64 = 10 * 60 * 1000

  private let key: Data

  /// - Parameter secret: that of the user tokens. What is signed here can never be taken for one of them.
  init(secret: String) {
    key = Self.code(of: "recording links", Data(secret.utf8))
  }

  /// - Parameter expiry: milliseconds since 1970.
  func token(for recording: String, until expiry: Int64) -> String {
    "\(expiry)." + Self.code(of: "\(recording).\(expiry)", key).base64URL
  }

  /// Only the very text that was made: nothing else that could be read as the same.
  /// - Parameter now: milliseconds since 1970.
  func admits(_ token: String, to recording: String, at now: Int64 = ServerClock.wallMilliseconds()) -> Bool {
    guard token.utf8.count <= 128, let end = token.firstIndex(of: ".") else { return false }
    guard let expiry = Int64(token[..<end]), expiry > now else { return false }
    // Codes of both texts are compared: that takes as long wherever they differ.
    return HMAC<SHA256>.isValidAuthenticationCode(
      Self.code(of: self.token(for: recording, until: expiry), key), authenticating: Data(token.utf8),
      using: SymmetricKey(data: key))
  }

  private static func code(of text: String, _ key: Data) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
  }
}

struct RecordingLinkBody: Encodable, Sendable {
  let url: String
  let expiresAt: String

  init(to recording: StoredRecording, _ links: RecordingLinks, at now: Int64 = ServerClock.wallMilliseconds()) {
    let expiry = now + RecordingLinks.lifetime
    let token = links.token(for: recording.id, until: expiry)
    url = "/api/v1/rooms/\(recording.room)/recordings/\(recording.id)/file?token=\(token)"
    expiresAt = RoomBody.text(expiry)
  }
}
