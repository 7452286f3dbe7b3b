import HTTPTypes

extension APIError {
  static let recordingUnknown = APIError(.notFound, "recording.unknown", "No such recording.")
  static let recordingRunning = APIError(.conflict, "recording.running", "The programme is being recorded.")
  static let recordingElsewhere = APIError(
    .conflict, "recording.running-elsewhere", "This host is being recorded in as many rooms as he may; stop one first.")
  static let recordingTooMany = APIError(
    .conflict, "recording.too-many", "This room has as many recordings as it may; delete one of them first.")
  static let recordingQuota = APIError(
    .conflict, "recording.quota", "The recordings of this host are as large as they may be; delete some of them first.")
  static let recordingOff = APIError(.forbidden, "recording.off", "Nothing is recorded on this server.")
  static let recordingGuests = APIError(.forbidden, "recording.guests", "Guests record nothing on this server.")
  static let recordingNoSpace = APIError(
    .init(code: 507, reasonPhrase: "Insufficient Storage"), "recording.no-space", "There is too little space left.")
  static let recordingCursor = APIError(.badRequest, "recording.cursor", "The cursor or limit is unreadable.")
  static let recordingLost = APIError(.gone, "recording.lost", "The file of this recording is not there.")
  static let recordingNotYet = APIError(
    .conflict, "recording.not-yet", "Nothing was written into this file yet.", headers: [.retryAfter: "2"])
  static let recordingRange = APIError(
    .rangeNotSatisfiable, "recording.range", "The file has nothing there.")
}
