import Signaling

/// A room's settings as the API shows them.
struct SettingsBody: Encodable, Sendable {
  let stage: Int
  let requestTimeout: Int
  let applications: RoomSettings.Applications
  let slowMode: Int
  let muteAll: Bool
  /// Only for who may change it: it says what somebody wanted to write.
  let wordFilter: [String]?

  init(_ settings: RoomSettings, showsFilter: Bool) {
    stage = settings.stage
    requestTimeout = settings.requestTimeout
    applications = settings.applications
    slowMode = settings.slowMode
    muteAll = settings.muteAll
    wordFilter = showsFilter ? settings.wordFilter : nil
  }
}
