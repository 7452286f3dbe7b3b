extension Schema {
  static let guestRequest = Schema.component(
    "GuestRequest", .object(.required("name", .text, "1 to 32 characters after trimming.")))

  static let credentials = Schema.component(
    "Credentials",
    .object(
      .required("name", .text, "4 to 24 letters, digits, `_` and `-`, not digits alone."),
      .required("password", .string(format: "password"), "8 to 64 characters.")))

  static let refreshRequest = Schema.component("RefreshRequest", .object(.required("refreshToken", .text)))

  static let session = Schema.component(
    "Session",
    .object(
      .required("userId", .text), .required("name", .text),
      .required("token", .text, "Goes into `Authorization: Bearer …`."),
      .required("expiresIn", .integer(1...Int.max), "Seconds the token is good for."),
      .required("refreshToken", .text, "Good for one exchange.")))

  static let user = Schema.component(
    "User",
    .object(
      .required("id", .text), .required("name", .text), .required("kind", .choice(["guest", "account"])),
      .optional("operator", .boolean, "True for who runs the platform; else absent.")))

  static let userChange = Schema.component(
    "UserChange",
    .object(
      .optional("name", .text, "Guests only."),
      .optional(
        "password",
        .object(.required("old", .string(format: "password")), .required("new", .string(format: "password"))))))

  static let keyRequest = Schema.component("ApiKeyRequest", .object(.required("name", .text)))
  static let key = Schema.component("ApiKey", .object(keyFields))
  static let newKey = Schema.component(
    "NewApiKey", .object(keyFields + [.required("key", .text, "Goes into `Authorization: Bearer …`.")]))
  static let keys = Schema.component("ApiKeyList", .object(.required("apiKeys", .list(.key))))

  private static let keyFields: [Field] = [
    .required("id", .text), .required("name", .text), .required("createdAt", .string(format: "date-time")),
  ]

  static let tokenRequest = Schema.component(
    "TokenRequest",
    .object(
      .optional("userId", .text, "The backend's own name for the user; a new one is made without it."),
      .required("name", .text), .optional("ttl", .integer(60...2_592_000), "Seconds; 3600 unless given."),
      .optional("room", .text),
      .optional("role", .choice(["viewer", "host", "admin"]), "What he is in `room`, which it needs.")))

  static let mintedToken = Schema.component(
    "MintedToken",
    .object(
      .required("userId", .text), .required("name", .text), .required("token", .text),
      .required("expiresIn", .integer(60...2_592_000))))

  static let banRequest = Schema.component("BanRequest", .object(.optional("reason", .string(max: 100))))

  static let ban = Schema.component(
    "Ban",
    .object(
      .required("userId", .text), .required("name", .text), .required("reason", .text),
      .required("bannedBy", .text, "The operator's user id."), .required("createdAt", .string(format: "date-time"))))

  static let bans = Schema.component(
    "BanList", .object(.required("bans", .list(.ban)), .required("next", .nullable(.text))))
}
