import Testing

@testable import SignalingServer

/// As much of JSON Schema as the document uses. Stricter in one thing: fields that are not described are wrong.
struct SchemaValidator {
  let document: JSONValue

  func problems(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    if case .text(let reference)? = schema["$ref"] {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = document["components"]?["schemas"]?[name] else { return ["\(place): no schema \(name)"] }
      return problems(of: value, target, at: place)
    }
    if case .list(let choices)? = schema["anyOf"] {
      let found = choices.map { problems(of: value, $0, at: place) }
      return found.contains([]) ? [] : found.first ?? []
    }
    if case .list(let values)? = schema["enum"], !values.contains(value) { return ["\(place): \(value) is no choice"] }
    guard case .text(let type)? = schema["type"] else { return [] }
    return problems(of: value, schema, type: type, at: place)
  }

  private func problems(of value: JSONValue, _ schema: JSONValue, type: String, at place: String) -> [String] {
    switch (type, value) {
    case ("object", .object(let fields)): problems(of: fields, schema, at: place)
    case ("array", .list(let elements)):
      elements.enumerated().flatMap { problems(of: $1, schema["items"] ?? [:], at: "\(place)[\($0)]") }
    case ("string", .text(let text)): length(of: text, schema, at: place)
    case ("integer", .integer(let number)): range(of: Double(number), schema, at: place)
    case ("number", .integer(let number)): range(of: Double(number), schema, at: place)
    case ("number", .number(let number)): range(of: number, schema, at: place)
    case ("boolean", .flag), ("null", .null): []
    default: ["\(place): \(value) is no \(type)"]
    }
  }

  private func problems(of fields: [String: JSONValue], _ schema: JSONValue, at place: String) -> [String] {
    var found: [String] = []
    if case .list(let required)? = schema["required"] {
      for case .text(let name) in required where fields[name] == nil { found.append("\(place).\(name) is missing") }
    }
    for (name, value) in fields {
      if let property = schema["properties"]?[name] ?? schema["additionalProperties"] {
        found += problems(of: value, property, at: "\(place).\(name)")
      } else {
        found.append("\(place).\(name) is not described")
      }
    }
    return found
  }

  private func length(of text: String, _ schema: JSONValue, at place: String) -> [String] {
    if case .integer(let minimum)? = schema["minLength"], text.count < minimum { return ["\(place) is too short"] }
    if case .integer(let maximum)? = schema["maxLength"], text.count > maximum { return ["\(place) is too long"] }
    return []
  }

  private func range(of number: Double, _ schema: JSONValue, at place: String) -> [String] {
    if let minimum = schema["minimum"]?.asDouble, number < minimum { return ["\(place): \(number) is too small"] }
    if let maximum = schema["maximum"]?.asDouble, number > maximum { return ["\(place): \(number) is too large"] }
    return []
  }
}

extension JSONValue {
  var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
