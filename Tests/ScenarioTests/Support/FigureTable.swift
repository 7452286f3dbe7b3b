import Glibc
import Testing

/// Figures of a row of the table in docs/resilience.md; printed when MIXD_SCENARIO_TABLE is set.
enum FigureTable {
  static let isWanted = unsafe getenv("MIXD_SCENARIO_TABLE") != nil

  static func add(_ row: String, _ fault: String, goal: String, _ figures: String) {
    guard isWanted else { return }
    print("| \(row) | \(fault) | \(goal) | \(figures) |")
  }
}

extension Double {
  /// With `digits` behind the point.
  func text(_ digits: Int = 0) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return digits == 0 ? String(Int(rounded)) : String(rounded)
  }
}
