import Signaling

/// Whether there is time and space for a recording: before it begins, and as long as it runs.
extension LiveRoom {
  func requireSpaceForRecording() async throws(APIError) {
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

  func watchRecording() {
    recording?.watch = Task { [weak self, interval = environment.limits.recording.checkInterval] in
      while true {
        do { try await Task.sleep(for: .seconds(interval)) } catch { return }
        guard let self, await self.mayGoOnRecording() else { return }
      }
    }
  }

  private func mayGoOnRecording() async -> Bool {
    guard let running = recording, running.ending == nil else { return false }
    guard let end = reasonToEnd(running) else { return true }
    await endRecording(end)
    return false
  }

  private func reasonToEnd(_ running: RunningRecording) -> RecordingEnd? {
    let limits = environment.limits.recording
    if now.seconds(since: running.began) >= limits.longest { return .tooLong }
    if environment.recordings.freeBytes < limits.minimumFree { return .noSpace }
    return nil
  }
}
