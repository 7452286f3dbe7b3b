import Foundation

/// Small text files of the command line.
enum TextFile {
  static func write(_ text: String, to path: String) throws {
    do {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw CommandFailure(message: "\(path): cannot be written (\(error.localizedDescription))")
    }
  }
}
