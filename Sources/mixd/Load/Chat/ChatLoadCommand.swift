import ArgumentParser
import Foundation

/// A crowd in one room of a server that runs elsewhere: how long a message takes to reach everybody.
struct ChatLoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load-chat", abstract: "Put a chatting crowd into one room of a running server.", shouldDisplay: false)

  @Option(help: "Address of the server's API; an address, not a name.")
  var server = "http://127.0.0.1:8080"

  @Option(help: "Events sockets, each of its own user.")
  var sockets = 2000

  @Option(help: "Sockets that never read.")
  var deaf = 1

  @Option(help: "Messages a second, all together.")
  var rate = 40

  @Option(help: "Seconds of chatting.")
  var duration = 30

  @Option(help: "A room to enter; without it one is made.")
  var room: String?

  @Option(help: "Write the report as JSON.")
  var json: String?

  func validate() throws {
    guard (1...20_000).contains(sockets), (0...100).contains(deaf) else {
      throw ValidationError("--sockets: must be from 1 to 20000, --deaf: from 0 to 100")
    }
    guard (1...1000).contains(rate), (1...86_400).contains(duration) else {
      throw ValidationError("--rate: must be from 1 to 1000, --duration: from 1 to 86400")
    }
    guard let url = URL(string: server), url.scheme == "http" else {
      throw ValidationError("--server: must be an http address")
    }
  }

  func run() async throws {
    guard let base = URL(string: server) else { return }
    let crowd = try await ChatCrowd.gather(at: base, room: room, sockets: sockets, deaf: deaf)
    FileHandle.standardOutput.write(Data("ready \(crowd.room)\n".utf8))
    var report = await crowd.talk(rate: rate, seconds: duration)
    report.slowSockets = try await crowd.slowSockets()
    await crowd.leave()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let text = String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    if let json { try TextFile.write(text, to: json) } else { print(text) }
  }
}
