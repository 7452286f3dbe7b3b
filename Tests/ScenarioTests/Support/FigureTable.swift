import Glibc
import Testing

/// Figures for the tables in docs/resilience.md; printed when MIXD_SCENARIO_TABLE is set.
enum FigureTable {
  private static let isWanted = unsafe getenv("MIXD_SCENARIO_TABLE") != nil

  static func add(_ row: String, _ fault: String, goal: String, _ figures: String) {
    if isWanted { print("|scenario| \(row) | \(fault) | \(goal) | \(figures) |") }
  }

  /// What is concealed, in per cent, of a voice that loses `lost` per cent of its packets.
  static func compare(lost: Double, concealed: Double, byOpusAlone: Double) {
    if isWanted { print("|opus| \(lost.text()) % | \(concealed.text(2)) % | \(byOpusAlone.text(2)) % |") }
  }
}

extension Double {
  /// With `digits` behind the point.
  func text(_ digits: Int = 0) -> String {
    guard magnitude < 1e12 else { return "never" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return digits == 0 ? String(Int(rounded)) : String(rounded)
  }
}
