import ArgumentParser
import Foundation

/// A crowd in one room of a server that runs elsewhere: how long a message takes to reach everybody.
struct ChatLoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load-chat", abstract: "Put a chatting crowd into one room of a running server.", shouldDisplay: false)

  @OptionGroup var options: LoadOptions

  @Option(help: "Events sockets, each of its own user.")
  var sockets = 2000

  @Option(help: "Sockets that never read.")
  var deaf = 1

  @Option(help: "Messages a second, all together.")
  var rate = 40

  @Option(help: "A room to enter; without it one is made.")
  var room: String?

  func validate() throws {
    guard (1...20_000).contains(sockets), (0...100).contains(deaf) else {
      throw ValidationError("--sockets: must be from 1 to 20000, --deaf: from 0 to 100")
    }
    guard (1...1000).contains(rate) else { throw ValidationError("--rate: must be from 1 to 1000") }
    guard try options.base.scheme == "http" else { throw ValidationError("--server: must be without TLS") }
  }

  func run() async throws {
    let crowd = try await ChatCrowd.gather(at: try options.base, room: room, sockets: sockets, deaf: deaf)
    options.announce(crowd.room)
    var report = await crowd.talk(rate: rate, seconds: options.duration)
    report.slowSockets = try await crowd.slowSockets()
    await crowd.leave()
    try options.write(report)
  }
}
