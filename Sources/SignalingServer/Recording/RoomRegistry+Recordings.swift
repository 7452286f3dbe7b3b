import Signaling

/// The recordings of a room, which may be over.
extension RoomRegistry {
  func recordings(of room: String, _ wanted: SequencePage) async throws(APIError) -> RecordingListBody {
    let found = try await store { try await $0.recordings(of: room, before: wanted.before, limit: wanted.lookAhead) }
    let (page, next) = wanted.cut(found) { $0.sequence }
    let files = environment.recordings
    return RecordingListBody(recordings: page.map { RecordingBody($0, in: files) }, next: next)
  }

  func recording(_ id: String, of room: String) async throws(APIError) -> StoredRecording {
    guard let found = try await store({ try await $0.recording(id, room: room) }) else { throw .recordingUnknown }
    return found
  }

  /// What happened in a room that operators have banned is for them to show to others.
  func requireNotBanned(_ room: String, for caller: Caller?) async throws(APIError) {
    try Self.requireNotBanned(try await stored(room), for: caller)
  }

  private static func requireNotBanned(_ room: StoredRoom?, for caller: Caller?) throws(APIError) {
    if room?.memory.isClosedForGood == true, caller?.kind != .operator { throw APIError(.roomBanned) }
  }

  /// With its file. What happened in a room that operators have banned is for them to keep or remove.
  func removeRecording(_ id: String, of room: String, by caller: Caller) async throws(APIError) {
    let found = try await recording(id, of: room)
    if found.state == .recording { throw .recordingRunning }
    let known = try await stored(room)
    try Self.requireNotBanned(known, for: caller)
    let title = known?.info.title ?? ""
    let news = environment.webhooks.news(.recordDeleted, of: found, in: environment.recordings, title: title)
    try await store { try await $0.removeRecording(id, room: room, news: news) }
    environment.recordings.remove(found)
    environment.webhooks.wake()
    await loadedRoom(room)?.tellRecordingRemoved(id)
  }
}
