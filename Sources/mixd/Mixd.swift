import ArgumentParser

/// The command line.
@main struct Mixd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixd", abstract: "Co-hosting (连麦) mixing server: WebRTC in, one mixed programme out.",
    subcommands: [ServeCommand.self, DemoCommand.self, RenderCommand.self, LoadCommand.self, ChatLoadCommand.self])
}
