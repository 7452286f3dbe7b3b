import Foundation
import Testing

/// Inputs that once broke something lie in Tests/Fuzz/Crashers/TARGET, whole ones in Tests/Fuzz/Seeds/TARGET.
@Suite("Inputs found by fuzzing the decoders")
struct FoundInputTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz")

  static func inputs(_ kind: String, _ target: String) -> [[UInt8]] {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder.appending(path: kind).appending(path: target), includingPropertiesForKeys: nil)
    return (files ?? []).compactMap { try? [UInt8](Data(contentsOf: $0)) }
  }

  @Test("Whole, damaged and found pictures and packets are decoded or refused", arguments: ["Pictures", "Sound"])
  func replay(_ target: String) {
    let run = target == "Pictures" ? fuzzPictures : fuzzSound
    let seeds = Self.inputs("Seeds", target)
    #expect(!seeds.isEmpty)
    for input in seeds + Self.inputs("Crashers", target) + [[], [0], [1, 0, 0]] {
      run(input)
      for cut in stride(from: 0, to: input.count, by: 7) { run(Array(input.prefix(cut))) }
    }
  }
}
