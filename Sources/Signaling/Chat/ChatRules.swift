/// What moderators set for a whole chat.
public struct ChatRules: Sendable, Equatable {
  /// Seconds between two messages of one user; 0 is off.
  public let slowMode: Int
  /// Only host, admins and operators may write.
  public let muteAll: Bool
  let wordFilter: WordFilter

  init(_ settings: RoomSettings) {
    self.init(slowMode: settings.slowMode, muteAll: settings.muteAll, wordFilter: settings.wordFilter)
  }

  public init(slowMode: Int = 0, muteAll: Bool = false, wordFilter: [String] = []) {
    self.slowMode = slowMode
    self.muteAll = muteAll
    self.wordFilter = WordFilter(wordFilter)
  }
}
