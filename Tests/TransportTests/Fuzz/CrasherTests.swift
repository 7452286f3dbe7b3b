import Foundation
import Testing

@testable import Transport

/// Inputs that once broke something lie in Tests/Fuzz/Crashers/TARGET.
@Suite("Inputs found by fuzzing")
struct CrasherTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/Crashers")

  static func inputs(_ target: String) -> [[UInt8]] {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder.appending(path: target), includingPropertiesForKeys: nil)
    return (files ?? []).compactMap { try? [UInt8](Data(contentsOf: $0)) }
  }

  @Test("STUN")
  func stun() {
    for input in Self.inputs("STUN") + [[], [0], STUNVectorTests.request] { fuzzSTUN(input) }
  }

  @Test("Receive")
  func receive() {
    var random = RandomSource.seeded(state: 3)
    let noise = (0..<2000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    for input in Self.inputs("Receive") + [[], noise] { fuzzReceive(input) }
  }
}
