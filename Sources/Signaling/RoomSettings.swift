/// What the host may choose about the rules of his room.
public struct RoomSettings: Sendable, Equatable, Codable {
  public enum Applications: String, Sendable, Codable { case open, closed }

  /// People on stage, the host included.
  public internal(set) var stage = 8
  /// Seconds an application or invitation waits for its answer.
  public internal(set) var requestTimeout = 30
  public internal(set) var applications = Applications.open
  /// Seconds between two messages of one viewer; 0 is off.
  public internal(set) var slowMode = 0
  /// Only host, admins and operators may write.
  public internal(set) var muteAll = false
  /// What no message may contain.
  public internal(set) var wordFilter: [String] = []

  public init() {}
}

/// A wish to change some settings; `nil` leaves one as it is.
public struct SettingsChange: Sendable, Equatable, Codable {
  public var stage: Int?
  public var requestTimeout: Int?
  public var applications: RoomSettings.Applications?
  public var slowMode: Int?
  public var muteAll: Bool?
  public var wordFilter: [String]?

  public init() {}

  /// Touches nothing but what admins may change too.
  var isModeration: Bool { stage == nil && requestTimeout == nil && applications == nil }
}

extension RoomSettings {
  public func applying(_ change: SettingsChange) throws(SignalingError) -> RoomSettings {
    var result = self
    if let stage = change.stage {
      guard (2...16).contains(stage) else { throw .stageInvalid }
      result.stage = stage
    }
    if let timeout = change.requestTimeout {
      guard (10...60).contains(timeout) else { throw .requestTimeoutInvalid }
      result.requestTimeout = timeout
    }
    if let slowMode = change.slowMode {
      guard (0...120).contains(slowMode) else { throw .slowModeInvalid }
      result.slowMode = slowMode
    }
    if let words = change.wordFilter { result.wordFilter = try Self.filter(words) }
    result.applications = change.applications ?? applications
    result.muteAll = change.muteAll ?? muteAll
    return result
  }

  /// At most 200 words of 1 to 32 characters, each once.
  private static func filter(_ words: [String]) throws(SignalingError) -> [String] {
    guard words.count <= 200 else { throw .wordFilterInvalid }
    var result: [String] = []
    for word in words {
      guard let word = DisplayText.line(word, characters: 32, bytes: 128), !word.isEmpty else {
        throw .wordFilterInvalid
      }
      if !result.contains(word) { result.append(word) }
    }
    return result
  }
}
