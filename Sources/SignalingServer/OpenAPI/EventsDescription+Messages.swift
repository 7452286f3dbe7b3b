extension EventsDescription {
  static let fromServer: [Message] = basics + room + chat + links

  private static let basics: [Message] = [
    snapshot,
    Message("ack", "A command was carried out.", reference, .optional("id", .text, "What it made or answered.")),
    Message("error", "A command was refused.", reference, .required("error", .refusal)),
    Message(
      "result", "The answer to a call.", reference, .required("status", .integer(100...599), "As over HTTP."),
      .optional("body", .anything)),
    Message("room.updated", "To all.", .required("room", .room)),
    Message("room.ended", "To all; then the socket is closed with 4410.", .required("room", .room)),
    Message("application.created", "To host and applicant.", .required("application", .stageRequest)),
    Message(
      "application.updated",
      "To host and applicant: its end, its new place in the queue, at most once a second, or another name.",
      .required("application", .stageRequest)),
    Message("invitation.created", "To host and invited.", .required("invitation", .stageRequest)),
    Message("invitation.updated", "To host and invited.", .required("invitation", .stageRequest)),
    Message("participant.joined", "To all.", .required("participant", .participant)),
    Message("participant.updated", "To all.", .required("participant", .participant)),
    Message(
      "participant.left", "To all.", .required("userId", .text), .required("name", .text),
      .required("reason", .choice(["left", "kicked", "banned", "lost", "no-media", "ended"]))),
    Message(
      "participant.kicked", "To who was removed, if a reason was given.", .required("userId", .text),
      .required("text", .text, "The reason.")),
    Message("scene.changed", "To all.", .required("scene", .scene)),
    Message("output.updated", "To the host.", .required("output", .output)),
    Message("output.removed", "To the host.", .required("id", .text)),
    Message("recording.changed", "To the host: it has begun or is over.", .required("recording", .recording)),
    Message("recording.removed", "To the host.", .required("id", .text)),
    Message(
      "session.replaced", "To who publishes anew: which of his publications has given way.",
      .required("id", .text, "As in its Location.")),
    Message("video.wanted", "To the participant it is about.", .required("video", .videoWish)),
    Message("viewer.count", "To all, at most once a second.", .required("viewers", .integer(0...Int.max))),
  ]

  private static let snapshot = Message(
    "snapshot", "The first message: everything as it is now.", .required("room", .room), .required("role", .roomRole),
    .required("userId", .text), .required("settings", .settings), .required("seats", .list(.seat)),
    .required("participants", .list(.participant)), .required("applications", .list(.stageRequest)),
    .required("invitations", .list(.stageRequest)), .required("scene", .scene),
    .optional("outputs", .list(.output), "For the host."),
    .optional("video", .videoWish, "For who publishes."), .required("messages", .list(.message)),
    .required("likes", .integer(0...Int.max)), .required("standing", .standing),
    .optional("admins", .list(.member), "For who moderates."),
    .optional("mutes", .list(.sanction), "For who moderates: the first of them."), .optional("link", .link))

  private static let room: [Message] = [
    Message("application.count", "To host and admins.", .required("count", .integer(0...Int.max))),
    Message("seats.changed", "To all.", .required("seats", .list(.seat))),
    Message("admin.changed", "To all.", member[0], member[1], .required("admin", .boolean)),
    Message(
      "member.renamed", "Of who is host, admin or on stage to all, of others to host, admins and himself.", member[0],
      member[1]),
    Message("room.warned", "To all, from an operator.", .required("text", .text)),
    Message(
      "member.muted", "To all; the reason to its user and to who moderates.", member[0], member[1], sanction[0],
      sanction[1]),
    Message("member.unmuted", "To all.", member[0], member[1]),
    Message(
      "member.banned", "To all; the reason to its user and to who moderates.", member[0], member[1], sanction[0],
      sanction[1]),
    Message("member.unbanned", "To all.", member[0], member[1]),
  ]

  private static let chat: [Message] = [
    Message("chat.messages", "To all, together every 100 ms.", .required("messages", .list(.message))),
    Message("chat.deleted", "To all.", .required("id", .text)),
    Message(
      "gift", "To all: a combo as it is now.", .required("message", .text), .required("giftId", .text), member[0],
      member[1], .required("count", .integer(1...Int.max)), .required("combo", .integer(1...Int.max))),
    Message(
      "likes", "To all, at most once a second.", .required("likes", .integer(0...Int.max)),
      .required("added", .integer(1...Int.max)), .required("users", .list(.text), "Up to three names.")),
    Message(
      "audience", "To all, at most every two seconds.", .required("entered", .list(.text), "Up to three names."),
      .required("enteredCount", .integer(0...Int.max)), .required("left", .integer(0...Int.max)),
      .required("viewers", .integer(0...Int.max))),
  ]

  private static let links: [Message] = [
    Message(
      "link.requested", "To the host of the asked room.", .required("link", .link),
      .required("expiresIn", .number(0...86_400), "Seconds left for the answer.")),
    Message(
      "link.updated", "To the hosts of its rooms; to all once it is active.", .required("link", .link),
      .optional(
        "answer",
        .object(
          .required("roomId", .text), .required("state", .choice(["active", "rejected", "cancelled", "expired"])),
          .optional("reason", .text)), "Of the room that has answered.")),
    Message(
      "battle.requested", "To the hosts who are asked.", .required("link", .link),
      .required("expiresIn", .number(0...86_400), "Seconds left for the answer.")),
    Message(
      "battle.answered", "To the hosts of the link.", .required("link", .link),
      .required(
        "answer",
        .object(
          .required("roomId", .text), .required("state", .choice(["accepted", "rejected", "cancelled", "expired"])),
          .optional("reason", .text)))),
    Message(
      "battle.score", "To all in the linked rooms, at most once a second.", .required("id", .text, "The link's."),
      .required("scores", .map(.integer(0...Int.max)), "By room.")),
    Message("battle.over", "To all in the linked rooms.", .required("link", .link)),
  ]

  private static let member: [Field] = [.required("userId", .text), .required("name", .text)]
  private static let sanction: [Field] = [
    .optional("seconds", .integer(1...Int.max), "For ever without it."), .optional("reason", .text),
  ]

  static let fromClient: [Message] = [
    Message("auth", "Within 10 s where the token did not come otherwise.", reference, .required("token", .text)),
    Message("apply", "Applies to come on stage.", reference, .optional("media", .stageMedia)),
    Message("accept", "Accepts a request.", reference, .required("id", .text)),
    Message("reject", "Refuses a request.", reference, .required("id", .text)),
    Message("cancel", "Takes a request back.", reference, .required("id", .text)),
    Message("leave", "Leaves the stage.", reference),
    Message(
      "chat", "Says something.", reference, .required("text", .text), .optional("kind", .choice(["text", "danmaku"]))),
    Message("like", "Likes the show.", reference, .required("count", .integer(1...20))),
    Message("gift", "Gives a gift.", reference, .required("giftId", .text), .required("count", .integer(1...99))),
    Message(
      "call",
      "Any request below /api/v1 but for files, with the same rights and refusals; its answer may have 256 KiB.",
      reference,
      .required("method", .choice(["GET", "POST", "PUT", "PATCH", "DELETE"])),
      .required("path", .text, "Below the room (`mutes/u_1`), or from the root (`/api/v1/rooms`)."),
      .optional("body", .anything)),
  ]

  private static let reference = Field.optional(
    "ref", .either([.string(max: 64), .integer()]), "Comes back with the answer.")
}
