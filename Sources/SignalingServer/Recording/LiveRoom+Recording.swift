import Logging
import MediaControl
import Signaling

/// The recording that a room has under way.
struct RunningRecording: Sendable {
  var stored: StoredRecording
  let began: Instant
  /// It is in the store. Until then whoever begins it brings it to an end.
  var isKept = false
  /// Why it is to end as soon as it is kept.
  var pending: RecordingEnd?
  /// The worker completes the file. The end may have to wait for the store after that.
  var ending: Task<StoredRecording?, Never>?
  var watch: Task<Void, Never>?

  /// As the worker knows it.
  var output: OutputID { OutputID(rawValue: stored.id) }
}

extension LiveRoom {
  func startRecording(by person: Person, isGuest: Bool = false) async throws(APIError) -> RecordingBody {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.manageOutputs, of: person, at: now) }
    // Whoever has heard of the end of the one before may begin the next one.
    _ = await recording?.ending?.value
    try await requireSpaceForRecording()
    guard recording == nil else { throw .recordingRunning }
    try requireUnbanned(person.id)
    try takeRecordingPlace(isGuest: isGuest)
    let begun = RunningRecording(
      stored: StoredRecording(
        id: RandomName.make("rec_"), room: stored.id, startedAt: ServerClock.wallMilliseconds()), began: now)
    recording = begun
    do {
      try await openMedia()
      try environment.recordings.create(begun.stored)
      _ = try await perform(
        .startRecording(id, begun.output, path: environment.recordings.path(of: begun.stored)))
      return try await keep(begun)
    } catch {
      if !(error is APIError) {
        environment.logger.error("A recording could not begin.", metadata: ["error": "\(error)"])
      }
      await withdraw(begun)
      throw error as? APIError ?? .internalFault
    }
  }

  /// Stores it with what webhooks are told of it.
  private func keep(_ begun: RunningRecording) async throws -> RecordingBody {
    var stored = begun.stored
    stored.startedAt = ServerClock.wallMilliseconds()
    try await environment.store.addRecording(stored, news: news(of: stored))
    environment.webhooks.wake()
    recording?.stored = stored
    recording?.isKept = true
    let body = RecordingBody(stored, in: environment.recordings)
    tell(body)
    guard let end = recording?.pending else {
      watchRecording()
      return body
    }
    return await endRecording(end).map { RecordingBody($0, in: environment.recordings) } ?? body
  }

  private func withdraw(_ begun: RunningRecording) async {
    _ = try? await environment.media.perform(.finishRecording(id, begun.output))
    environment.recordings.remove(begun.stored)
    leaveRecording()
  }

  private func takeRecordingPlace(isGuest: Bool) throws(APIError) {
    let limits = environment.limits.recording
    let limit = isGuest ? limits.runningPerGuest : limits.runningPerHost
    let isFree = environment.recordingPlaces.take(stored.id, of: stored.host.id, limit: limit)
    guard isFree else { throw .recordingElsewhere }
  }

  private func leaveRecording() {
    recording = nil
    environment.recordingPlaces.giveBack(stored.id, of: stored.host.id)
  }

  func stopRecording(_ name: String, by person: Person) async throws(APIError) -> RecordingBody {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.endRecording, of: person, at: now) }
    if recording?.stored.id == name, let ended = await endRecording(.stopped) {
      return RecordingBody(ended, in: environment.recordings)
    }
    let found: StoredRecording?
    do {
      found = try await environment.store.recording(name, room: stored.id)
    } catch {
      throw .storeFailed(error, environment.logger)
    }
    guard let known = found else { throw .recordingUnknown }
    return RecordingBody(known, in: environment.recordings)
  }

  /// Ends the recording that runs, if any; returns it when its file is complete. That is soon: nobody waits for a store
  /// that is out of order.
  @discardableResult func endRecording(_ end: RecordingEnd) async -> StoredRecording? {
    guard let running = recording else { return nil }
    guard running.isKept else {
      recording?.pending = running.pending ?? end
      return nil
    }
    let ending = running.ending ?? Task { await self.finishRecording(end) }
    recording?.ending = ending
    return await ending.value
  }

  private func finishRecording(_ end: RecordingEnd) async -> StoredRecording? {
    guard let running = recording else { return nil }
    running.watch?.cancel()
    let end = await finishFile(of: running, end)
    var ended = running.stored
    let bytes = environment.recordings.finished(ended)?.bytes ?? 0
    ended.close(bytes == 0 && !end.isFailure ? .empty : end, bytes: bytes, at: ServerClock.wallMilliseconds())
    if bytes == 0 { environment.recordings.remove(ended) }
    if await store(ended) { settle(ended) } else { storeLater(ended) }
    return ended
  }

  /// What the worker has lost at the very end makes a failure of what was none. A room that was over before its recording
  /// was kept has taken it along in order.
  private func finishFile(of running: RunningRecording, _ end: RecordingEnd) async -> RecordingEnd {
    do throws(APIError) {
      _ = try await environment.media.perform(.finishRecording(id, running.output))
    } catch {
      let isGone = running.pending != nil && error.code == MediaError.unknownRoom.code
      return end.isFailure || isGone ? end : RecordingEnd(ofFailure: error.code)
    }
    return end
  }

  /// Tries until it is done: what is not stored would be taken for a recording that runs. The room stays until then.
  private func storeLater(_ ended: StoredRecording) {
    Task {
      repeat { try? await Task.sleep(for: .seconds(1)) } while await !store(ended)
      settle(ended)
    }
  }

  private func store(_ ended: StoredRecording) async -> Bool {
    do {
      try await environment.store.closeRecording(ended, news: news(of: ended))
    } catch {
      environment.logger.error("The end of a recording could not be stored.", metadata: ["error": "\(error)"])
      return false
    }
    environment.webhooks.wake()
    return true
  }

  private func settle(_ ended: StoredRecording) {
    leaveRecording()
    tell(RecordingBody(ended, in: environment.recordings))
  }

  /// The worker says what becomes of the file.
  func recordingChanged(_ state: OutputState, _ reason: String?) {
    guard state == .failed else { return }
    Task { await endRecording(RecordingEnd(ofFailure: reason)) }
  }

  private func tell(_ body: RecordingBody) {
    var message = EventMessage("recording.changed")
    message.recording = body
    tellHost(message)
  }

  func tellRecordingRemoved(_ id: String) {
    var message = EventMessage("recording.removed")
    message.id = id
    tellHost(message)
  }

  private func news(of recording: StoredRecording) -> [WebhookEvent] {
    environment.webhooks.news(
      recording.webhookEvent, of: recording, in: environment.recordings, title: room.info.title)
  }
}
