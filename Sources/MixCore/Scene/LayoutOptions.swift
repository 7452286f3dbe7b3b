/// A value of a layout option as it comes from outside.
public enum LayoutValue: Sendable, Equatable {
  case number(Double)
  case text(String)
  case flag(Bool)
}

/// Why a layout was refused.
public enum LayoutError: Error, Sendable, Equatable {
  case unknownLayout(String)
  case unknownOption(String, layout: String)
  case invalidOption(String, layout: String, expected: String)

  /// Stable, part of the HTTP API.
  public var code: String {
    switch self {
    case .unknownLayout: "layout.unknown"
    case .unknownOption: "layout.option-unknown"
    case .invalidOption: "layout.option-invalid"
    }
  }

  public var message: String {
    switch self {
    case .unknownLayout(let name):
      "There is no layout “\(name)”; the layouts are pip, grid and side-by-side."
    case .unknownOption(let option, let layout):
      "The layout \(layout) has no option “\(option)”."
    case .invalidOption(let option, let layout, let expected):
      "The option “\(option)” of the layout \(layout) must be \(expected)."
    }
  }
}

/// Takes the options one after the other; what is left at the end was not known.
struct LayoutOptionReader {
  private let layout: String
  private var options: [String: LayoutValue]

  init(layout: String, options: [String: LayoutValue]) {
    self.layout = layout
    self.options = options
  }

  mutating func number(
    _ name: String, in range: ClosedRange<Double>, default fallback: Double
  ) throws(LayoutError) -> Double {
    guard let value = options.removeValue(forKey: name) else { return fallback }
    guard case .number(let number) = value, range.contains(number) else {
      throw .invalidOption(name, layout: layout, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number of luma pixels, made even.
  mutating func pixels(_ name: String, upTo limit: Int, default fallback: Int) throws(LayoutError) -> Int {
    guard let value = options.removeValue(forKey: name) else { return fallback }
    guard case .number(let number) = value, number >= 0, number <= Double(limit), number == number.rounded() else {
      throw .invalidOption(name, layout: layout, expected: "a whole number of pixels from 0 to \(limit)")
    }
    return Int(number).evenDown
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, default fallback: Choice
  ) throws(LayoutError) -> Choice where Choice.RawValue == String {
    guard let value = options.removeValue(forKey: name) else { return fallback }
    guard case .text(let text) = value, let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalidOption(name, layout: layout, expected: "one of \(names)")
    }
    return choice
  }

  func finish() throws(LayoutError) {
    guard let option = options.keys.min() else { return }
    throw .unknownOption(option, layout: layout)
  }
}
