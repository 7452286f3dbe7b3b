import Configuration

extension ConfigReader {
  /// A number in that range, or nothing; anything else is named with what is expected.
  func wholeNumber(_ name: String, _ range: ClosedRange<Int>) async throws -> Int? {
    let expected = "the setting \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    do {
      guard let value = try await fetchInt(forKey: ConfigKey(name)) else { return nil }
      guard range.contains(value) else { throw CommandFailure(message: expected) }
      return value
    } catch {
      throw CommandFailure(message: expected)
    }
  }
}
