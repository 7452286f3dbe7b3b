import HTTPTypes
import Hummingbird
import Signaling

/// Recordings of the programme. They can be had when the room is over, as long as it is kept.
struct RecordingEndpoints: Sendable {
  let plane: ControlPlane

  var all: [Endpoint] { running + kept }

  private var running: [Endpoint] {
    [
      Endpoint(
        .post, "/api/v1/rooms/{room}/recordings", .room(.manageOutputs), .programme, "Begins to record the programme.",
        answers: [.created(.recording)],
        errors: [
          .recordingRunning, .recordingElsewhere, .recordingTooMany, .recordingQuota, .recordingOff, .recordingGuests,
          .recordingNoSpace, .mediaRefusals,
        ],
        handler: start),
      Endpoint(
        .post, "/api/v1/rooms/{room}/recordings/{id}/stop", .room(.endRecording), .programme,
        "Ends a recording; answers when its file is complete.", answers: [.ok(.recording)],
        errors: [.recordingUnknown], handler: stop),
    ]
  }

  private var kept: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/rooms/{room}/recordings", .owner, .programme, "Lists a room's recordings, the newest first.",
        query: SequencePage.query, answers: [.ok(.recordingList)], errors: [.recordingCursor], handler: list),
      Endpoint(
        .get, "/api/v1/rooms/{room}/recordings/{id}", .owner, .programme, "Shows a recording.",
        answers: [.ok(.recording)], errors: [.recordingUnknown], handler: show),
      Endpoint(
        .post, "/api/v1/rooms/{room}/recordings/{id}/link", .owner, .programme,
        "Makes an address of the file that needs no token of a user for ten minutes.", answers: [.ok(.recordingLink)],
        errors: [.recordingUnknown, .rule(.roomBanned)], handler: link),
      Endpoint(
        .get, "/api/v1/rooms/{room}/recordings/{id}/file", .ownerOrLink, .programme,
        "The file of a recording, whole or the `Range` that is asked for.",
        query: [.optional("token", .text, "Of a link.")], headers: Self.conditions,
        answers: [
          .text(.ok, "video/mp4", headers: Self.facts),
          .text(.partialContent, "video/mp4", headers: Self.facts + [Self.place]),
          .init(status: .notModified, content: .none, headers: [.required("ETag", .text)]),
        ],
        errors: [
          .recordingUnknown, .recordingNotYet, .recordingLost, .recordingRange, .rule(.roomBanned),
        ],
        handler: sendFile),
      Endpoint(
        .delete, "/api/v1/rooms/{room}/recordings/{id}", .owner, .programme, "Removes a recording and its file.",
        answers: [.noContent], errors: [.recordingUnknown, .recordingRunning, .rule(.roomBanned)], handler: remove),
    ]
  }

  private static let conditions: [Field] = [
    .optional("Range", .text, "bytes=0-99; one range. Several get the whole."),
    .optional("If-Range", .text, "The ETag of the file that `Range` is about; the whole if it is another one now."),
    .optional("If-None-Match", .text, "The ETag of what you have."),
  ]

  private static let place = Field.required("Content-Range", .text, "bytes 0-99/100")
  private static let facts: [Field] = [
    .required("Accept-Ranges", .text, "bytes"), .optional("ETag", .text, "Once the recording is over."),
    .required("Content-Length", .integer(1...Int.max), "Of this answer."),
  ]

  @Sendable private func start(_ call: Call) async throws -> Response {
    if call.isForbiddenToGuests { throw APIError.recordingGuests }
    let isGuest = call.caller?.kind == .guest
    return try .json(.created, try await call.room.startRecording(by: try call.person, isGuest: isGuest))
  }

  @Sendable private func stop(_ call: Call) async throws -> Response {
    try .json(.ok, try await call.room.stopRecording(try call.part("id"), by: try call.person))
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let wanted = try SequencePage({ call.query($0) }, refusal: .recordingCursor)
    var list = try await plane.rooms.recordings(of: try call.part("room"), wanted)
    list.allowed = call.limits.recording.isOn && !call.isForbiddenToGuests
    return try .json(.ok, list)
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    let found = try await plane.rooms.recording(try call.part("id"), of: try call.part("room"))
    return try .json(.ok, RecordingBody(found, in: plane.environment.recordings))
  }

  @Sendable private func link(_ call: Call) async throws -> Response {
    let room = try call.part("room")
    let found = try await plane.rooms.recording(try call.part("id"), of: room)
    try await plane.rooms.requireNotBanned(room, for: call.caller)
    return try .json(.ok, RecordingLinkBody(to: found, plane.recordingLinks))
  }

  @Sendable private func sendFile(_ call: Call) async throws -> Response {
    let found = try await plane.rooms.recording(try call.part("id"), of: try call.part("room"))
    let download = RecordingDownload(recording: found, files: plane.environment.recordings)
    return try await download.answer(to: call.request, call.context)
  }

  @Sendable private func remove(_ call: Call) async throws -> Response {
    try await plane.rooms.removeRecording(
      try call.part("id"), of: try call.part("room"), by: try call.knownCaller)
    return .noContent
  }
}

extension Call {
  fileprivate var isForbiddenToGuests: Bool { !limits.recording.guests && caller?.kind == .guest }
}
