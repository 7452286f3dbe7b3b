import MediaControl

/// The Prometheus text format, version 0.0.4.
struct PrometheusText {
  private(set) var text = ""
  private var described: Set<String> = []

  mutating func add(_ samples: [MetricSample]) {
    // The format wants all samples of one name together.
    var names: [String] = []
    var groups: [String: [MetricSample]] = [:]
    for sample in samples {
      if groups[sample.name] == nil { names.append(sample.name) }
      groups[sample.name, default: []].append(sample)
    }
    for name in names {
      guard let group = groups[name], let first = group.first else { continue }
      describe(name, first.kind.rawValue, first.help)
      for sample in group { line(name, sample.labels.sorted { $0.key < $1.key }, sample.value) }
    }
  }

  mutating func add(_ histograms: [MetricHistogram]) {
    for histogram in histograms {
      describe(histogram.name, "histogram", histogram.help)
      let labels = histogram.labels.sorted { $0.key < $1.key }
      for (bound, count) in zip(histogram.bounds, histogram.counts) {
        line(histogram.name + "_bucket", labels + [("le", Self.number(bound))], Double(count))
      }
      line(histogram.name + "_bucket", labels + [("le", "+Inf")], Double(histogram.total))
      line(histogram.name + "_sum", labels, histogram.sum)
      line(histogram.name + "_count", labels, Double(histogram.total))
    }
  }

  private mutating func describe(_ name: String, _ kind: String, _ help: String) {
    guard described.insert(name).inserted else { return }
    text += "# HELP mixd_\(name) \(Self.escaped(help))\n# TYPE mixd_\(name) \(kind)\n"
  }

  private mutating func line(_ name: String, _ labels: [(key: String, value: String)], _ value: Double) {
    let pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    text += "mixd_\(name)" + (pairs.isEmpty ? "" : "{\(pairs)}") + " \(Self.number(value))\n"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private static func escaped(_ text: String, quotes: Bool = false) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.append(character)
      }
    }
    return result
  }
}
