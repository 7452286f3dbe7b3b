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
  var ending: Task<Void, Never>?
  var watch: Task<Void, Never>?

  /// As the worker knows it.
  var output: OutputID { OutputID(rawValue: stored.id) }
}

extension LiveRoom {
  func startRecording(by person: Person) async throws(APIError) -> RecordingBody {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.manageOutputs, of: person, at: now) }
    try await requireSpaceForRecording()
    guard recording == nil else { throw .recordingRunning }
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

  private func requireSpaceForRecording() async throws(APIError) {
    guard recording == nil else { throw .recordingRunning }
    let limits = environment.limits.recording
    guard environment.recordings.freeBytes >= limits.minimumFree else { throw .recordingNoSpace }
    let count: Int
    do {
      count = try await environment.store.countRecordings(of: stored.id)
    } catch {
      throw .storeFailed(error, environment.logger)
    }
    guard count < limits.perRoom else { throw .recordingTooMany }
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
    if let end = recording?.pending { await endRecording(end) } else { watchRecording() }
    return body
  }

  private func withdraw(_ begun: RunningRecording) async {
    _ = try? await environment.media.perform(.finishRecording(id, begun.output))
    environment.recordings.remove(begun.stored)
    recording = nil
  }

  func stopRecording(_ name: String, by person: Person) async throws(APIError) -> RecordingBody {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.manageOutputs, of: person, at: now) }
    if recording?.stored.id == name { await endRecording(.stopped) }
    let found: StoredRecording?
    do {
      found = try await environment.store.recording(name, room: stored.id)
    } catch {
      throw .storeFailed(error, environment.logger)
    }
    guard let known = found else { throw .recordingUnknown }
    return RecordingBody(known, in: environment.recordings)
  }

  /// Ends the recording that runs, if any; returns when its file is complete and its end is stored.
  func endRecording(_ end: RecordingEnd) async {
    guard let running = recording else { return }
    guard running.isKept else {
      recording?.pending = running.pending ?? end
      return
    }
    let ending = running.ending ?? Task { await self.finishRecording(end) }
    recording?.ending = ending
    await ending.value
  }

  private func finishRecording(_ end: RecordingEnd) async {
    guard let running = recording else { return }
    running.watch?.cancel()
    let end = await finishFile(of: running, end)
    var ended = running.stored
    ended.close(end, bytes: environment.recordings.bytes(of: ended), at: ServerClock.wallMilliseconds())
    await store(ended)
    recording = nil
    tell(RecordingBody(ended, in: environment.recordings))
  }

  /// What the worker has lost at the very end makes a failure of what was none.
  private func finishFile(of running: RunningRecording, _ end: RecordingEnd) async -> RecordingEnd {
    do throws(APIError) {
      _ = try await environment.media.perform(.finishRecording(id, running.output))
    } catch {
      return end.isFailure ? end : RecordingEnd(ofFailure: error.code)
    }
    return end
  }

  /// Tries until it is done: what is not stored would be taken for a recording that runs.
  private func store(_ ended: StoredRecording) async {
    while true {
      do {
        try await environment.store.closeRecording(ended, news: news(of: ended))
        return environment.webhooks.wake()
      } catch {
        environment.logger.error("The end of a recording could not be stored.", metadata: ["error": "\(error)"])
      }
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
    }
  }

  /// The worker says what becomes of the file.
  func recordingChanged(_ state: OutputState, _ reason: String?) {
    guard state == .failed else { return }
    Task { await endRecording(RecordingEnd(ofFailure: reason)) }
  }

  private func watchRecording() {
    recording?.watch = Task { [weak self, interval = environment.limits.recording.checkInterval] in
      while true {
        do { try await Task.sleep(for: .seconds(interval)) } catch { return }
        guard let self, await self.mayGoOnRecording() else { return }
      }
    }
  }

  private func mayGoOnRecording() async -> Bool {
    guard let running = recording, running.ending == nil else { return false }
    let limits = environment.limits.recording
    if now.seconds(since: running.began) >= limits.longest {
      await endRecording(.tooLong)
      return false
    }
    if environment.recordings.freeBytes < limits.minimumFree {
      await endRecording(.noSpace)
      return false
    }
    return true
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
    guard environment.webhooks.isWanted else { return [] }
    return [
      WebhookEvent(recording.webhookEvent, recording, in: environment.recordings, title: room.info.title)
    ]
  }
}
