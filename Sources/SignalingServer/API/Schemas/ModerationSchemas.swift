extension Schema {
  static let sanctionRequest = Schema.component(
    "SanctionRequest",
    .object(
      .optional("seconds", .integer(1...31_536_000), "For ever without it."), .optional("reason", .string(max: 100))))

  static let sanction = Schema.component(
    "Sanction",
    .object(
      .required("userId", .text), .required("name", .text),
      .optional("seconds", .integer(0...Int.max), "Left; absent for ever."), .optional("reason", .text),
      .required("byId", .text), .required("byName", .text)))

  static let mutes = Schema.component(
    "MuteList", .object(.required("mutes", .list(.sanction)), .required("next", .nullable(.text))))
  static let roomBans = Schema.component(
    "RoomUserBanList", .object(.required("bans", .list(.sanction)), .required("next", .nullable(.text))))

  static let admins = Schema.component(
    "AdminList",
    .object(.required("admins", .list(.member)), .required("next", .nullable(.text))))

  static let audience = Schema.component(
    "AudienceList",
    .object(
      .required(
        "audience",
        .list(
          .object(
            .required("userId", .text), .required("name", .text),
            .required("role", .roomRole),
            .optional("admin", .boolean, "There only when true."), .required("muted", .boolean),
            .optional("mutedFor", .integer(0...Int.max), "Seconds left; absent for ever."),
            .optional("applicationId", .text, "Of one that waits."),
            .optional("invitationId", .text, "Of one that waits."),
            .required("since", .integer(), "Unix ms.")))),
      .required("next", .nullable(.text))))

  static let member = Schema.object(.required("userId", .text), .required("name", .text))

  static let roomBan = Schema.component(
    "RoomBan",
    .object(
      .required("roomId", .text), .required("title", .text), .required("hostId", .text), .required("hostName", .text),
      .required("reason", .text), .required("bannedBy", .text, "The operator's user id."),
      .required("createdAt", .string(format: "date-time"))))

  static let bannedRooms = Schema.component(
    "BannedRoomList", .object(.required("roomBans", .list(.roomBan)), .required("next", .nullable(.text))))
}
