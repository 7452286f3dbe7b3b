import MediaControl
import Synchronization

/// Commands to the media worker, with a limit on the time they may take.
struct MediaGateway: Sendable {
  let backend: any MediaBackend
  let timeout: Double

  func perform(_ command: MediaCommand) async throws(APIError) -> MediaReply {
    let result = await firstOf { () -> Result<MediaReply, APIError> in
      do throws(MediaError) {
        return .success(try await backend.perform(command))
      } catch {
        return .failure(APIError(error))
      }
    }
    return try result.get()
  }

  /// The backend's answer or, after the timeout, a refusal. A late answer is dropped.
  private func firstOf(
    _ operation: @escaping @Sendable () async -> Result<MediaReply, APIError>
  ) async -> Result<MediaReply, APIError> {
    await withCheckedContinuation { continuation in
      let race = Race(continuation)
      let timer = Task {
        try await Task.sleep(for: .seconds(timeout))
        race.finish(.failure(.mediaUnavailable))
      }
      Task {
        race.finish(await operation())
        timer.cancel()
      }
    }
  }
}

/// Resumes a continuation once.
private final class Race: Sendable {
  typealias Waiting = CheckedContinuation<Result<MediaReply, APIError>, Never>
  private let waiting: Mutex<Waiting?>

  init(_ continuation: Waiting) { waiting = Mutex(continuation) }

  func finish(_ result: Result<MediaReply, APIError>) {
    let continuation = waiting.withLock { waiting -> Waiting? in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(returning: result)
  }
}
