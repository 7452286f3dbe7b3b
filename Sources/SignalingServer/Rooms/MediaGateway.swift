import MediaControl

/// Commands to the media worker, with a limit on the time they may take.
struct MediaGateway: Sendable {
  let backend: any MediaBackend
  let timeout: Double

  /// A late answer is dropped.
  func perform(_ command: MediaCommand) async throws(APIError) -> MediaReply {
    let late = Result<MediaReply, APIError>.failure(.mediaUnavailable)
    return try await withTimeLimit(.seconds(timeout), late: late) { [backend] in
      do throws(MediaError) {
        return .success(try await backend.perform(command))
      } catch {
        return .failure(APIError(error))
      }
    }.get()
  }
}
