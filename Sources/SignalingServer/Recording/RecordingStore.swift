/// What one host keeps in all his rooms.
struct KeptRecordings: Sendable, Equatable {
  /// Of those that are over.
  let bytes: Int64
  let running: [StoredRecording]
}

/// The index of recordings. Every call returns after the change is durable; `news` is for the webhooks, in the same
/// transaction.
protocol RecordingStore: Sendable {
  func addRecording(_ recording: StoredRecording, news: [WebhookEvent]) async throws
  /// Its state, reason, end and size are stored. One with nothing in it takes the place of those before it.
  func closeRecording(_ recording: StoredRecording, news: [WebhookEvent]) async throws
  /// `news` only if there was one.
  func removeRecording(_ id: String, room: String, news: [WebhookEvent]) async throws
  func recording(_ id: String, room: String) async throws -> StoredRecording?
  /// Newest first, only those before `cursor`.
  func recordings(of room: String, before cursor: Int64?, limit: Int) async throws -> [StoredRecording]
  /// Those that run, and those in which there is something.
  func countRecordings(of room: String) async throws -> Int
  func recordings(keptBy host: String) async throws -> KeptRecordings
}
