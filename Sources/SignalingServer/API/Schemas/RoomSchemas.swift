import Signaling

extension Schema {
  static let room = Schema.component(
    "Room",
    .object(
      .required("id", .text), .required("title", .text), .required("status", .choice(["waiting", "live", "ended"])),
      .required("hostId", .text), .required("hostName", .text), .required("layout", .text),
      .required("cover", .text, "Empty, or an https URL."), .required("notice", .text), .required("category", .text),
      .required("tags", .list(.text)), .required("settings", .settings), .required("likes", .integer(0...Int.max)),
      .required("startedAt", .nullable(.string(format: "date-time")), "When it was live for the first time."),
      .required("endedAt", .nullable(.string(format: "date-time"))),
      .optional("endReason", .choice(["host", "abandoned", "operator"])),
      .required("video", .videoSettings), .required("participants", .integer(0...Int.max)),
      .required("viewers", .integer(0...Int.max), "People with an open events socket who are not on stage."),
      .required("peakViewers", .integer(0...Int.max), "The most there were at once."),
      .required("gifts", .integer(0...Int.max), "All that were given."),
      .required("giftValue", .integer(0...Int.max), "The sum of their prices."),
      .required("createdAt", .string(format: "date-time")),
      .optional("link", .link, "The link with other rooms it is in.")))

  static let videoSettings = Schema.component(
    "VideoSettings",
    .object(
      .required("width", .integer(160...1920)), .required("height", .integer(160...1920)),
      .required("frameRate", .integer(5...60)),
      .required("bitrate", .integer(100_000...20_000_000), "Bits per second.")))

  static let roomRequest = Schema.component(
    "RoomRequest",
    .object(
      .required("title", .string(min: 1), "1 to 50 characters after trimming."),
      .optional("layout", .text), .optional("cover", .string(max: 512)), .optional("notice", .string(max: 300)),
      .optional("category", .string(max: 20)), .optional("tags", .list(.string(min: 1, max: 16))),
      .optional("settings", .settingsChange),
      .optional("hostId", .text, "Backends only: one of their users."),
      .optional(
        "video",
        .object(
          .optional("width", .integer(160...1920)), .optional("height", .integer(160...1920)),
          .optional("frameRate", .integer(5...60)), .optional("bitrate", .integer(100_000...20_000_000))),
        "Canvas of the programme, for the life of the room.")))

  static let roomChange = Schema.component(
    "RoomChange",
    .object(
      .optional("title", .string(min: 1)), .optional("layout", .text), .optional("cover", .string(max: 512)),
      .optional("notice", .string(max: 300)), .optional("category", .string(max: 20)),
      .optional("tags", .list(.string(min: 1, max: 16))), .optional("settings", .settingsChange)))

  static let settingsChange = Schema.component(
    "SettingsChange",
    .object(
      .optional("stage", .integer(2...16), "People on stage, the host included."),
      .optional("requestTimeout", .integer(10...60)), .optional("applications", .choice(["open", "closed"])),
      .optional("slowMode", .integer(0...120)), .optional("muteAll", .boolean),
      .optional("wordFilter", .list(.string(min: 1, max: 32)))))

  static let settings = Schema.component(
    "Settings",
    .object(
      .required("stage", .integer(2...16)), .required("requestTimeout", .integer(10...60)),
      .required("applications", .choice(["open", "closed"])), .required("slowMode", .integer(0...120)),
      .required("muteAll", .boolean),
      .optional("wordFilter", .list(.text), "Shown to the host, his admins and operators.")))

  static let closeRequest = Schema.component("CloseRequest", .object(.optional("reason", .string(max: 300))))

  static let warning = Schema.component("Warning", .object(.required("text", .string(min: 1, max: 300))))

  static let roomList = Schema.component(
    "RoomList",
    .object(
      .required("rooms", .list(.room)),
      .required("next", .nullable(.text), "The cursor of the next page; null on the last one.")))
}
