import HTTPTypes
import Hummingbird

/// A recording's file as an answer, whole or in part.
struct RecordingDownload: Sendable {
  let recording: StoredRecording
  let files: RecordingFiles

  func answer(to request: Request, _ context: APIContext) async throws -> Response {
    guard let facts = files.facts(of: recording) else { throw APIError.recordingLost }
    let size = Int(facts.bytes)
    var headers: HTTPFields = [
      .contentType: "video/mp4", .acceptRanges: "bytes", .cacheControl: "no-store",
      .contentDisposition: "inline; filename=\"\(recording.id).mp4\"",
    ]
    let wanted: ClosedRange<Int>
    var status = HTTPResponse.Status.ok
    switch ByteRange(request.headers[.range], size: size) {
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
    let body = try await FileIO().loadFile(path: files.path(of: recording), range: wanted, context: context)
    return Response(status: status, headers: headers, body: body)
  }
}
