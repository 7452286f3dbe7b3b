import Configuration
import Signaling

extension LinkLimits {
  /// The settings `links.answerSeconds` and `links.punishmentSeconds`.
  static func read(_ reader: ConfigReader) async throws -> LinkLimits {
    var limits = LinkLimits()
    if let answer = try await seconds(reader, "links.answerSeconds", 10...60) { limits.requestTimeout = answer }
    if let punishment = try await seconds(reader, "links.punishmentSeconds", 0...300) { limits.punishment = punishment }
    return limits
  }

  private static func seconds(
    _ reader: ConfigReader, _ name: String, _ range: ClosedRange<Int>
  ) async throws -> Double? {
    let expected = "the setting \(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    do {
      guard let value = try await reader.fetchInt(forKey: ConfigKey(name)) else { return nil }
      guard range.contains(value) else { throw CommandFailure(message: expected) }
      return Double(value)
    } catch {
      throw CommandFailure(message: expected)
    }
  }
}
