/// What the kernels compute, said as plainly as possible. Slow; for tests and for whoever writes the next kernel.
package enum ReferenceKernels {
  static func mixed(_ over: UInt8, _ under: UInt8, _ weight: Int) -> UInt8 {
    UInt8((Int(over) * weight + Int(under) * (128 - weight) + 64) / 128)
  }

  package static func blend(_ target: [UInt8], _ source: [UInt8], weight: Int) -> [UInt8] {
    zip(source, target).map { mixed($0, $1, weight) }
  }

  package static func blend(_ target: [UInt8], _ source: [UInt8], mask: [UInt8]) -> [UInt8] {
    target.indices.map { mixed(source[$0], target[$0], Int(mask[$0])) }
  }

  package static func dim(_ row: [UInt8]) -> [UInt8] { row.map { UInt8((Int($0) + 16 + 1) / 2) } }

  package static func combine(_ rows: [[UInt8]], weights: [UInt8]) -> [UInt8] {
    rows[0].indices.map { x in
      let sum = rows.indices.reduce(0) { $0 + Int(rows[$1][x]) * Int(weights[$1]) }
      return UInt8((sum + 64) / 128)
    }
  }

  /// Means of `factor` × `factor` samples of as many rows.
  package static func box(_ rows: [[UInt8]], factor: Int) -> [UInt8] {
    (0..<rows[0].count / factor).map { x in
      let sum = rows.reduce(0) { total, row in
        total + row[x * factor..<(x + 1) * factor].reduce(0) { $0 + Int($1) }
      }
      let area = factor * factor
      return UInt8((sum + area / 2) / area)
    }
  }

  package static func filter(_ source: [UInt8], _ filter: AxisFilter) -> [UInt8] {
    (0..<filter.length).map { x in
      let window = filter.window(x)
      let sum = window.weights.enumerated().reduce(0) { $0 + Int(source[window.start + $1.offset]) * Int($1.element) }
      return UInt8((sum + 64) / 128)
    }
  }
}
