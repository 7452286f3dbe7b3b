extension Schema {
  static let roomRole = Schema.choice(["host", "admin", "cohost", "viewer"])

  static let message = Schema.component(
    "Message",
    .object(
      .required("id", .text), .required("kind", .choice(["text", "danmaku", "gift", "system", "notice"])),
      .optional("userId", .text, "Absent when the server itself speaks."), .optional("name", .text),
      .optional("role", .roomRole), .optional("admin", .boolean), .required("text", .text),
      .optional("from", .choice(["room", "operator"]), "Of a notice: whose it is."),
      .required("sentAt", .integer(0...Int.max), "Milliseconds since 1970."),
      .optional("gift", .object(.required("giftId", .text), .required("count", .integer(1...Int.max))))))

  static let standing = Schema.object(
    .required("role", .roomRole), .required("admin", .boolean), .required("operator", .boolean),
    .required("muted", .boolean), .optional("mutedFor", .integer(0...Int.max), "Seconds; absent for ever."),
    .optional("mutedReason", .text, "If one was given."))

  static let messageRequest = Schema.component(
    "MessageRequest",
    .object(
      .required("text", .text, "At most 160 bytes of UTF-8."), .optional("kind", .choice(["text", "danmaku"]))))

  static let messages = Schema.component(
    "MessageList",
    .object(
      .required("messages", .list(.message)),
      .required("next", .nullable(.text), "Goes into `before`; null when there is nothing earlier.")))

  static let announcementRequest = Schema.component("AnnouncementRequest", .object(.required("text", .text)))

  static let noticeRequest = Schema.component(
    "NoticeRequest", .object(.required("text", .text, "1 to 300 characters.")))
  static let noticeReceipt = Schema.component(
    "NoticeReceipt", .object(.required("rooms", .integer(0...Int.max), "Live rooms that were told.")))

  static let likeRequest = Schema.component("LikeRequest", .object(.required("count", .integer(1...20))))
  static let likes = Schema.component("Likes", .object(.required("likes", .integer(0...Int.max), "All of the room.")))

  static let giftRequest = Schema.component(
    "GiftRequest", .object(.required("giftId", .text), .required("count", .integer(1...99))))

  static let gifts = Schema.component(
    "GiftCatalogue",
    .object(
      .required(
        "gifts",
        .list(
          .object(
            .required("id", .text), .required("name", .object(.required("zh", .text), .required("en", .text))),
            .required("emoji", .text), .required("price", .integer(0...Int.max)))))))
}
