import Foundation
import Outputs

/// Where the demonstration's programme goes, looked at before anything runs.
enum DemoOutput {
  static func check(_ output: String) throws {
    let destination: OutputDestination
    do throws(OutputError) {
      destination = try OutputDestination(output)
    } catch {
      throw CommandFailure(message: "--output \(redacted(output)): \(error.message)")
    }
    guard !destination.isPush else { return }
    let directory = URL(filePath: output).deletingLastPathComponent().path(percentEncoded: false)
    guard unsafe access(directory, W_OK | X_OK) == 0 else {
      throw CommandFailure(message: "--output \(output): \(unsafe String(cString: strerror(errno)))")
    }
  }

  /// Without a stream key.
  static func redacted(_ output: String) -> String { (try? OutputDestination(output).redacted) ?? output }
}
