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

  static let mutes = Schema.component("MuteList", .object(.required("mutes", .list(.sanction))))
  static let roomBans = Schema.component("RoomBanList", .object(.required("bans", .list(.sanction))))

  static let admins = Schema.component(
    "AdminList",
    .object(.required("admins", .list(.object(.required("userId", .text), .required("name", .text))))))
}
