extension Schema {
  static let status = Schema.component("Status", .object(.required("status", .choice(["ok", "ready"]))))
}
