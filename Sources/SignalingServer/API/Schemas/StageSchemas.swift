import Signaling

extension Schema {
  static let stageMedia = Schema.choice(["video", "audio"])

  static let stageRequest = Schema.component(
    "Request",
    .object(
      .required("id", .text), .required("userId", .text), .required("name", .text), .required("media", .stageMedia),
      .required("state", .choice(["pending", "accepted", "rejected", "cancelled", "expired"])),
      .required("expiresIn", .number(0...86_400), "Seconds left for the answer."),
      .optional("message", .text, "What the applicant said."), .optional("reason", .text, "Why it ended."),
      .optional("position", .integer(1...Int.max), "Of a pending application: its place in the queue."),
      .optional("total", .integer(1...Int.max), "Of a pending application: how many wait.")))

  static let applicationRequest = Schema.component(
    "ApplicationRequest",
    .object(.required("media", .stageMedia), .optional("message", .string(max: 60), "What he says about himself.")))

  static let stageRefusal = Schema.component(
    "StageRefusal", .object(.optional("reason", .string(max: 100), "Shown to the other side.")))

  static let invitationRequest = Schema.component(
    "InvitationRequest", .object(.required("userId", .text), .optional("media", .stageMedia)))

  static let applications = Schema.component(
    "ApplicationList",
    .object(.required("applications", .list(.stageRequest)), .required("next", .nullable(.text))))

  static let invitations = Schema.component(
    "InvitationList",
    .object(.required("invitations", .list(.stageRequest)), .required("next", .nullable(.text))))

  static let seats = Schema.component(
    "SeatList",
    .object(
      .required("seats", .list(.seat))))

  static let seat = Schema.object(
    .required("index", .integer(0...15)), .required("state", .choice(["free", "locked", "taken"])),
    .optional("userId", .text, "Who sits there, or has been promised it."))

  static let seatLock = Schema.component("SeatLock", .object(.required("locked", .boolean)))

  static let participant = Schema.component(
    "Participant",
    .object(
      .required("userId", .text), .required("name", .text), .required("role", .choice(["host", "cohost"])),
      .required("state", .choice(["connecting", "live", "reconnecting"])), .required("media", .stageMedia),
      .required("video", .boolean, "Whether pictures arrive, or arrived last."),
      .required("audio", .boolean, "Whether sound arrives, or arrived last."), .required("muted", .boolean),
      .required("volume", .number(0...2)), .required("camera", .boolean), .required("seat", .integer(0...15)),
      .required("mutedByHost", .boolean), .required("cameraOffByHost", .boolean)))

  static let participants = Schema.component(
    "ParticipantList", .object(.required("participants", .list(.participant))))

  static let controls = Schema.component(
    "Controls",
    .object(.optional("muted", .boolean), .optional("volume", .number(0...2)), .optional("camera", .boolean)))
}
