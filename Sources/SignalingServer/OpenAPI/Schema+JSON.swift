extension Schema {
  static let error = Schema.component("Error", .object(.required("error", .refusal)))

  static let refusal = Schema.object(
    .required("code", .text, "Stable: `room.full`."), .required("message", .text, "For developers."),
    .optional("reason", .text, "For who is refused by the moderation: what it says to him, in one line."),
    .optional("retryAfter", .integer(1...Int.max), "Seconds until another try is worth it, as `Retry-After` says."))

  /// As JSON Schema; components are only referred to.
  var json: JSONValue {
    switch self {
    case .string(let min, let max, let format):
      Self.typed(
        "string",
        [
          "minLength": min.map { .integer($0) }, "maxLength": max.map { .integer($0) },
          "format": format.map { .text($0) },
        ])
    case .choice(let values): ["type": "string", "enum": .list(values.map { .text($0) })]
    case .integer(let range):
      Self.typed(
        "integer",
        [
          "minimum": range.map { .integer($0.lowerBound) },
          "maximum": range.flatMap { $0.upperBound == .max ? nil : .integer($0.upperBound) },
        ])
    case .number(let range):
      Self.typed(
        "number",
        [
          "minimum": range.map { .number($0.lowerBound) }, "maximum": range.map { .number($0.upperBound) },
        ])
    case .boolean: ["type": "boolean"]
    case .list(let element): ["type": "array", "items": element.json]
    case .map(let value): ["type": "object", "additionalProperties": value.json]
    case .object(let fields): Self.object(fields)
    case .either(let schemas): ["anyOf": .list(schemas.map(\.json))]
    case .nullable(let schema): ["anyOf": .list([schema.json, ["type": "null"]])]
    case .anything: .object([:])
    case .component(let name, _): ["$ref": .text("#/components/schemas/\(name)")]
    }
  }

  private static func typed(_ type: String, _ limits: [String: JSONValue?]) -> JSONValue {
    .object(limits.compactMapValues { $0 }.merging(["type": .text(type)]) { $1 })
  }

  private static func object(_ fields: [Field]) -> JSONValue {
    let properties = fields.reduce(into: [String: JSONValue]()) { properties, field in
      var value = field.schema.json
      // OpenAPI 3.1 allows words beside a reference.
      if !field.note.isEmpty, case .object(var members) = value {
        members["description"] = .text(field.note)
        value = .object(members)
      }
      properties[field.name] = value
    }
    let required = fields.filter(\.isRequired).map { JSONValue.text($0.name) }
    var result: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { result["required"] = .list(required) }
    return .object(result)
  }

  /// Adds every component in this schema, itself included, by name.
  func collect(into found: inout [String: JSONValue]) {
    switch self {
    case .component(let name, let schema):
      guard found[name] == nil else { return }
      found[name] = schema.json
      schema.collect(into: &found)
    case .list(let schema), .map(let schema), .nullable(let schema): schema.collect(into: &found)
    case .either(let schemas): for schema in schemas { schema.collect(into: &found) }
    case .object(let fields): for field in fields { field.schema.collect(into: &found) }
    case .string, .choice, .integer, .number, .boolean, .anything: break
    }
  }
}
