import Foundation

/// The key of the user tokens, kept in the data directory and readable only by its owner.
enum SecretFile {
  /// Reads the secret at `path`; makes a random one of 256 bits when there is none.
  static func load(path: String) throws -> String {
    if let secret = try? String(contentsOfFile: path, encoding: .utf8), secret.utf8.count >= 32 { return secret }
    let secret = RandomName.make() + RandomName.make()
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(secret.utf8), attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
    return secret
  }
}
