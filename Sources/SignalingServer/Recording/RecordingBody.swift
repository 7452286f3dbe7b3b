/// A recording as the API shows it.
struct RecordingBody: Encodable, Sendable {
  let id: String
  let roomId: String
  let state: StoredRecording.State
  let reason: String?
  let startedAt: String
  let endedAt: String?
  /// Seconds, until now while it runs.
  let duration: Double
  let bytes: Int64

  /// - Parameter now: milliseconds since 1970.
  init(_ recording: StoredRecording, in files: RecordingFiles, at now: Int64 = ServerClock.wallMilliseconds()) {
    id = recording.id
    roomId = recording.room
    state = recording.state
    reason = recording.reason
    startedAt = RoomBody.text(recording.startedAt)
    endedAt = recording.endedAt.map(RoomBody.text)
    duration = Double(max(0, (recording.endedAt ?? now) - recording.startedAt)) / 1000
    bytes = recording.state == .recording ? files.bytes(of: recording) : recording.bytes
  }
}

struct RecordingListBody: Encodable, Sendable {
  let recordings: [RecordingBody]
  let next: String?
  /// Whether the settings let the one who asks record.
  var allowed = true

  private enum CodingKeys: CodingKey { case recordings, next, allowed }

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(recordings, forKey: .recordings)
    try container.encode(next, forKey: .next)
    try container.encode(allowed, forKey: .allowed)
  }
}
