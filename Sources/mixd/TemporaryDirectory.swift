import Foundation

/// A directory of its own that goes away with the command.
struct TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "mixd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
