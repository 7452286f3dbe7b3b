/// What a JSON value looks like: as much of JSON Schema as the API needs.
indirect enum Schema: Sendable {
  case string(min: Int? = nil, max: Int? = nil, format: String? = nil)
  case choice([String])
  case integer(ClosedRange<Int>? = nil)
  case number(ClosedRange<Double>? = nil)
  case boolean
  case list(Schema)
  /// An object with any names, all with values of one kind.
  case map(Schema)
  case object([Field])
  /// One of several kinds.
  case either([Schema])
  case nullable(Schema)
  case anything
  /// A schema with a name of its own, which the document describes once.
  case component(String, Schema)

  static let text = Schema.string()

  static func object(_ fields: Field...) -> Schema { .object(fields) }
}

/// A named part of an object, or a parameter of a query.
struct Field: Sendable {
  let name: String
  let schema: Schema
  let isRequired: Bool
  let note: String

  static func required(_ name: String, _ schema: Schema, _ note: String = "") -> Field {
    Field(name: name, schema: schema, isRequired: true, note: note)
  }

  static func optional(_ name: String, _ schema: Schema, _ note: String = "") -> Field {
    Field(name: name, schema: schema, isRequired: false, note: note)
  }
}
