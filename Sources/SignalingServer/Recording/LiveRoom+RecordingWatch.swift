import Signaling

/// Whether there is time and space for a recording: before it begins, and as long as it runs.
extension LiveRoom {
  func requireSpaceForRecording() async throws(APIError) {
    guard recording == nil else { throw .recordingRunning }
    let limits = environment.limits.recording
    guard limits.isOn else { throw .recordingOff }
    guard environment.recordings.freeBytes >= limits.minimumFree else { throw .recordingNoSpace }
    let count: Int
    let bytes: Int64
    do {
      count = try await environment.store.countRecordings(of: stored.id)
      bytes = try await bytesOfHost()
    } catch {
      throw .storeFailed(error, environment.logger)
    }
    guard count < limits.perRoom else { throw .recordingTooMany }
    guard bytes < limits.perHost else { throw .recordingQuota }
  }

  /// Bytes of all recordings of the host, those that grow in other rooms included.
  private func bytesOfHost() async throws -> Int64 {
    let kept = try await environment.store.recordings(keptBy: stored.host.id)
    return kept.running.reduce(kept.bytes) { $0 + environment.recordings.bytes(of: $1) }
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
    guard let end = await reasonToEnd(running) else { return true }
    // Another may run by now.
    if recording?.stored.id == running.stored.id { await endRecording(end) }
    return false
  }

  private func reasonToEnd(_ running: RunningRecording) async -> RecordingEnd? {
    let limits = environment.limits.recording
    if now.seconds(since: running.began) >= limits.longest { return .tooLong }
    if environment.recordings.freeBytes < limits.minimumFree { return .noSpace }
    // A store that does not answer is no reason.
    if let bytes = try? await bytesOfHost(), bytes >= limits.perHost { return .quota }
    return nil
  }
}
