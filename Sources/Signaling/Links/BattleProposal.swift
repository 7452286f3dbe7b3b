/// A battle that one room of a link wants, and that every other room has to agree to before it begins.
public struct BattleProposal: Sendable, Equatable {
  /// The room whose host asks.
  public let room: String
  public let duration: Double
  public let deadline: Instant
  /// Rooms that have not answered. Who joins the link meanwhile is not asked.
  public internal(set) var waiting: Set<String>
  public internal(set) var agreed: Set<String> = []

  var contestants: Set<String> { agreed.union([room]) }
}

/// How one room answered, or how the proposal ended otherwise.
public struct BattleAnswer: Sendable, Equatable {
  public enum Outcome: String, Sendable, Codable { case accepted, rejected, cancelled, expired }

  /// Why it was cancelled without being taken back.
  static let linkEnded = "link.ended"

  /// Who answered, or took it back; of an expired one, and of one that ended with the link, who had asked.
  public let room: String
  public let outcome: Outcome
  /// The words of who rejected it, or a code.
  public let reason: String?

  init(_ room: String, _ outcome: Outcome, reason: String? = nil) {
    self.room = room
    self.outcome = outcome
    self.reason = reason
  }
}
