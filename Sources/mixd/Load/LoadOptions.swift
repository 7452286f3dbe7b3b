import ArgumentParser
import Foundation

/// What every load has: a server that runs elsewhere, a time, and a report.
struct LoadOptions: ParsableArguments {
  @Option(help: "Address of the server's API.")
  var server = "http://127.0.0.1:8080"

  @Option(help: "Seconds from the moment everybody is there.")
  var duration = 20

  @Option(help: "Write the report as JSON.")
  var json: String?

  func validate() throws {
    guard (1...86_400).contains(duration) else { throw ValidationError("--duration: must be from 1 to 86400") }
    _ = try base
  }

  var base: URL {
    get throws {
      guard let url = URL(string: server), ["http", "https"].contains(url.scheme) else {
        throw ValidationError("--server: must be an http address")
      }
      return url
    }
  }

  /// At once, also into a pipe.
  func announce(_ room: String) { FileHandle.standardOutput.write(Data("ready \(room)\n".utf8)) }

  /// To the file, or to the standard output.
  func write(_ report: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let text = String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    if let json { try TextFile.write(text, to: json) } else { print(text) }
  }
}
