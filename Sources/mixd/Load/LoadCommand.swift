import ArgumentParser
import Foundation
import SyntheticClient

/// Participants and viewers for a server that runs elsewhere: what benchmarks and endurance tests put on it.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Put a room of synthetic participants and viewers on a running server.",
    shouldDisplay: false)

  @OptionGroup var options: LoadOptions

  @Option(help: "People on stage, the host included.")
  var participants = 2

  @Option(help: "Viewers of the programme over WHEP.")
  var viewers = 0

  @Option(help: "Layout of the room.")
  var layout = "pip"

  @Option(help: "Where the server writes or pushes the programme to.")
  var output: String?

  @Option(help: "One participant's VP8 video as IVF files of several sizes, with commas between; once per participant.")
  var clip: [String] = []

  @Option(help: "One participant's sound as an Ogg file of Opus packets of 20 ms; once per participant.")
  var sound: [String] = []

  @Flag(help: "Send the recording that fits the rectangle in the scene, as an adapting client does.")
  var adapt = false

  @Flag(help: "Let one more participant come and go, a second each.")
  var churn = false

  func validate() throws {
    guard (1...16).contains(participants) else { throw ValidationError("--participants: must be from 1 to 16") }
    guard (0...500).contains(viewers) else { throw ValidationError("--viewers: must be from 0 to 500") }
  }

  func run() async throws {
    var room = try await LoadRoom.open(at: try options.base, layout: layout)
    for index in 0..<participants {
      try await room.join(index, recordings: try recordings(of: index), sound: try recordedSound(of: index))
    }
    for _ in 0..<viewers { try await room.watch() }
    if let output { try await room.push(to: output) }
    options.announce(room.id)
    let report = try await room.hold(seconds: options.duration, adapts: adapt, churns: churn)
    await room.leave()
    try options.write(report)
  }

  private func recordings(of participant: Int) throws -> [RecordedVideo] {
    guard !clip.isEmpty else { return [] }
    return try clip[participant % clip.count].split(separator: ",").map { path in
      guard let data = FileManager.default.contents(atPath: String(path)), let video = RecordedVideo(ivf: [UInt8](data))
      else { throw CommandFailure(message: "\(path): no VP8 video in an IVF file that begins with a key frame") }
      return video
    }
  }

  private func recordedSound(of participant: Int) throws -> RecordedSound? {
    guard !sound.isEmpty else { return nil }
    let path = sound[participant % sound.count]
    guard let data = FileManager.default.contents(atPath: path), let recording = RecordedSound(ogg: [UInt8](data))
    else { throw CommandFailure(message: "\(path): no Opus packets of 20 ms in an Ogg file") }
    return recording
  }
}
