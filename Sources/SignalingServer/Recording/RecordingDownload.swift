import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// A recording's file as an answer, whole or in part.
struct RecordingDownload: Sendable {
  let recording: StoredRecording
  let files: RecordingFiles

  /// Names what is in a file that grows no more.
  private var tag: String? { recording.state == .recording ? nil : "\(recording.id)-\(recording.bytes)" }

  func answer(to request: Request, _ context: APIContext) async throws -> Response {
    guard let facts = files.facts(of: recording) else {
      throw recording.state == .recording ? APIError.recordingNotYet : APIError.recordingLost
    }
    let size = Int(facts.bytes)
    var headers: HTTPFields = [
      .contentType: "video/mp4", .acceptRanges: "bytes", .cacheControl: "no-store",
      .contentDisposition: "inline; filename=\"\(recording.id).mp4\"",
    ]
    headers[.eTag] = tag.map { "\"\($0)\"" }
    if isKnown(to: request) { return Response(status: .notModified, headers: headers) }
    let wanted: ClosedRange<Int>
    var status = HTTPResponse.Status.ok
    switch ByteRange(range(of: request), size: size) {
    case .whole: wanted = 0...(size - 1)
    case .part(let part):
      wanted = part
      status = .partialContent
      headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound)/\(size)"
    case .unsatisfiable:
      var refusal = APIError.recordingRange
      refusal.headers[.contentRange] = "bytes */\(size)"
      throw refusal
    }
    let file = try await FileIO().loadFile(path: files.path(of: recording), range: wanted, context: context)
    return Response(status: status, headers: headers, body: Self.endingWithServer(file, length: wanted.count))
  }

  private func isKnown(to request: Request) -> Bool {
    guard let tag, let field = request.headers[.ifNoneMatch] else { return false }
    return EntityCondition(field).admitsWeakly(tag)
  }

  /// What is asked for, unless another file is meant: the rest of that one is no use (RFC 9110 §13.1.5). Parts are for
  /// GET alone (§14.2).
  private func range(of request: Request) -> String? {
    guard request.method == .get else { return nil }
    if let condition = request.headers[.ifRange], condition != tag.map({ "\"\($0)\"" }) { return nil }
    return request.headers[.range]
  }

  /// A server that stops does not wait for readers.
  private static func endingWithServer(_ file: ResponseBody, length: Int) -> ResponseBody {
    ResponseBody(contentLength: length) { writer in
      try await file.write(
        writer.map { part in
          if Task.isShuttingDownGracefully { throw CancellationError() }
          return part
        })
    }
  }
}
