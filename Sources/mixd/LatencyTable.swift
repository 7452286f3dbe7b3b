import Foundation
import MediaControl
import MixCore

/// Per-stage times for people.
enum LatencyTable {
  static func text(of records: [ProgramFrameRecord]) -> String {
    var rows: [String: LatencySummary] = [:]
    for stage in Stage.allCases {
      rows[stage.rawValue] = summary(records.compactMap { $0.duration(of: stage) })
    }
    return text(rows)
  }

  static func text(_ rows: [String: LatencySummary]) -> String {
    var lines = ["stage          p50 ms    p95 ms    p99 ms    frames"]
    for name in Stage.allCases.map(\.rawValue) + ["mix"] {
      guard let row = rows[name] else { continue }
      let cells = [row.p50, row.p95, row.p99].map { String(format: "%9.2f", $0) }.joined(separator: " ")
      lines.append(name.padding(toLength: 11, withPad: " ", startingAt: 0) + cells + String(format: "%10d", row.count))
    }
    return lines.joined(separator: "\n")
  }

  private static func summary(_ values: [MediaTime]) -> LatencySummary? {
    Percentiles(of: values).map {
      LatencySummary(p50: $0.p50.milliseconds, p95: $0.p95.milliseconds, p99: $0.p99.milliseconds, count: $0.count)
    }
  }
}
