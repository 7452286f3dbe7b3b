extension Schema {
  static let link = Schema.component(
    "Link",
    .object(
      .required("id", .text),
      .required("state", .choice(["pending", "active", "ended", "rejected", "cancelled", "expired"])),
      .required("requestedBy", .text), .required("rooms", .list(.linkedRoom)),
      .required("battle", .nullable(.battle)),
      .optional("battleRequest", .battleWish, "A battle that one room asks the others for."),
      .optional("battleDuration", .number(30...600), "Seconds of the battle that would begin with a pending link.")))

  private static let linkedRoom = Schema.component(
    "LinkedRoom",
    .object(
      .required("id", .text), .required("title", .text), .required("hostId", .text), .required("hostName", .text),
      .required("score", .integer(0...Int.max)),
      .required("joined", .boolean, "Shown with the others; otherwise it was asked and has not answered."),
      .optional("away", .boolean, "Its host is silent or away."),
      .optional("expiresIn", .number(0...86_400), "Seconds left for its answer.")))

  private static let battle = Schema.component(
    "Battle",
    .object(
      .required("state", .choice(["running", "punishment", "over"])), .required("endsIn", .number(0...86_400)),
      .required("duration", .number(0...86_400)), .required("scores", .map(.integer(0...Int.max)), "By room."),
      .required("winner", .nullable(.text))))

  private static let battleWish = Schema.component(
    "BattleWish",
    .object(
      .required("roomId", .text, "Who asks."), .required("duration", .number(30...600), "Seconds."),
      .required("expiresIn", .number(0...86_400), "Seconds left for the answers."),
      .required("waitingFor", .list(.text), "Rooms that have not answered.")))

  static let battleRequest = Schema.component(
    "BattleRequest", .object(.required("duration", .number(30...600), "Seconds.")))

  static let linkRequest = Schema.component(
    "LinkRequest", .object(.required("roomId", .text), .optional("battle", .battleRequest)))

  static let linkInvitation = Schema.component("LinkInvitation", .object(.required("roomId", .text)))
  static let linkRejection = Schema.component("LinkRejection", .object(.optional("reason", .string(max: 100))))
  static let linkCancellation = Schema.component("LinkCancellation", .object(.optional("roomId", .text)))
  static let links = Schema.component("LinkList", .object(.required("links", .list(.link))))
}
