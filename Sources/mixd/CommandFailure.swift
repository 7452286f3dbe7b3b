import Foundation

/// An error that is shown to the person as it is, with exit status 1.
struct CommandFailure: Error, CustomStringConvertible {
  var message: String
  var description: String { message }

  /// What a library says, in one line.
  static func reason(of error: any Error) -> String {
    if let error = error as? CocoaError { return error.localizedDescription }
    return "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
