import Configuration
import Signaling

extension LinkLimits {
  /// The settings `links.answerSeconds` and `links.punishmentSeconds`.
  static func read(_ reader: ConfigReader) async throws -> LinkLimits {
    var limits = LinkLimits()
    if let answer = try await reader.wholeNumber("links.answerSeconds", 10...60) {
      limits.requestTimeout = Double(answer)
    }
    if let punishment = try await reader.wholeNumber("links.punishmentSeconds", 0...300) {
      limits.punishment = Double(punishment)
    }
    return limits
  }
}
