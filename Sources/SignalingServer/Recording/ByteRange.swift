/// What a `Range` field asks for (RFC 9110 §14.2). Several ranges, and what is not understood, get the whole.
enum ByteRange: Sendable, Equatable {
  case whole
  case part(ClosedRange<Int>)
  case unsatisfiable

  init(_ field: String?, size: Int) { self = field.flatMap { Self.asked($0, size: size) } ?? .whole }

  private static func asked(_ field: String, size: Int) -> ByteRange? {
    guard field.hasPrefix("bytes=") else { return nil }
    let ends = field.dropFirst("bytes=".count).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ end in end.allSatisfy { "0123456789".contains($0) } }) else { return nil }
    let last = Int(ends[1])
    if ends[0].isEmpty { return ends[1].isEmpty ? nil : tail(last ?? .max, size: size) }
    guard let first = Int(ends[0]) else { return .unsatisfiable }
    if let last, last < first { return nil }
    return first < size ? .part(first...min(last ?? .max, size - 1)) : .unsatisfiable
  }

  /// The last `count` bytes.
  private static func tail(_ count: Int, size: Int) -> ByteRange {
    count > 0 && size > 0 ? .part(max(0, size - count)...(size - 1)) : .unsatisfiable
  }
}
