extension Schema {
  static let recording = Schema.component(
    "Recording",
    .object(
      .required("id", .text), .required("roomId", .text),
      .required("state", .choice(StoredRecording.State.allCases.map(\.rawValue))),
      .optional("reason", .text, "Why it is over."), .required("startedAt", .string(format: "date-time")),
      .optional("endedAt", .string(format: "date-time")),
      .required("duration", .number(), "Seconds; until now while it runs."),
      .required("bytes", .integer(0...Int.max), "Of the file; that of the pieces that are complete while it runs.")))

  static let recordingLink = Schema.component(
    "RecordingLink",
    .object(
      .required("url", .text, "Path and query on this server."), .required("expiresAt", .string(format: "date-time"))))

  static let recordingList = Schema.component(
    "RecordingList",
    .object(
      .required("recordings", .list(.recording)), .required("next", .nullable(.text), "Goes into `cursor`."),
      .required("allowed", .boolean, "Whether the settings let you record.")))
}
