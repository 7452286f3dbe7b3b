import HTTPTypes
import Signaling

/// One endpoint as an OpenAPI operation.
struct OpenAPIOperation {
  let endpoint: Endpoint

  var json: JSONValue {
    var fields: [String: JSONValue] = [
      "operationId": .text(identifier), "summary": .text(endpoint.summary),
      "tags": .list([.text(endpoint.tag.rawValue)]), "responses": .object(responses),
      "x-access": .text(endpoint.access.note),
    ]
    let parameters =
      pathParameters + Self.parameters(endpoint.query, in: "query") + Self.parameters(endpoint.headers, in: "header")
    if !parameters.isEmpty { fields["parameters"] = .list(parameters) }
    if let body = requestBody { fields["requestBody"] = body }
    fields["security"] = .list(endpoint.access.security)
    return .object(fields)
  }

  /// `postRoomsByRoomApplications`
  private var identifier: String {
    let parts = endpoint.path.split(separator: "/").filter { $0 != "api" && $0 != "v1" }
    return parts.reduce(endpoint.method.rawValue.lowercased()) { name, part in
      let plain = part.filter { $0.isLetter || $0.isNumber }
      return name + (part.hasPrefix("{") ? "By" : "") + plain.prefix(1).uppercased() + plain.dropFirst()
    }
  }

  private var pathParameters: [JSONValue] {
    endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
      [
        "name": .text(String(part.dropFirst().dropLast())), "in": "path", "required": true,
        "schema": ["type": "string", "maxLength": 128],
      ]
    }
  }

  private static func parameters(_ fields: [Field], in place: String) -> [JSONValue] {
    fields.map { field in
      var parameter: [String: JSONValue] = [
        "name": .text(field.name), "in": .text(place), "required": .flag(field.isRequired), "schema": field.schema.json,
      ]
      if !field.note.isEmpty { parameter["description"] = .text(field.note) }
      return .object(parameter)
    }
  }

  private var requestBody: JSONValue? {
    switch endpoint.body {
    case .none: nil
    case .json(let schema):
      ["required": true, "content": ["application/json": ["schema": schema.json]]]
    case .optionalJSON(let schema):
      ["required": false, "content": ["application/json": ["schema": schema.json]]]
    case .text(let type):
      ["required": true, "content": .object([type: ["schema": ["type": "string"]]])]
    }
  }

  private static func headers(_ fields: [Field]) -> [String: JSONValue] {
    fields.reduce(into: [:]) { headers, field in
      headers[field.name] = [
        "required": .flag(field.isRequired), "schema": field.schema.json, "description": .text(field.note),
      ]
    }
  }

  private var responses: [String: JSONValue] {
    var responses: [String: JSONValue] = [:]
    for answer in endpoint.answers {
      var fields: [String: JSONValue] = ["description": .text(answer.status.reasonPhrase)]
      switch answer.content {
      case .none: break
      case .json(let schema): fields["content"] = ["application/json": ["schema": schema.json]]
      case .text(let type): fields["content"] = .object([type: ["schema": ["type": "string"]]])
      }
      if !answer.headers.isEmpty { fields["headers"] = .object(Self.headers(answer.headers)) }
      responses[String(answer.status.code)] = .object(fields)
    }
    for (status, errors) in Dictionary(grouping: endpoint.allErrors, by: \.status.code) {
      let codes = Set(errors.map(\.code)).sorted()
      responses[String(status)] = [
        "description": .text(codes.map { "`\($0)`" }.joined(separator: ", ")),
        "content": ["application/json": ["schema": Schema.error.json]],
        "x-codes": .list(codes.map { .text($0) }),
      ]
    }
    return responses
  }
}

extension Endpoint {
  /// Its own refusals and those that follow from path, access and body.
  var allErrors: [APIError] { errors + accessErrors + bodyErrors + (isPaced ? [.requestTooOften] : []) }

  private var accessErrors: [APIError] {
    switch access {
    case .open: []
    case .anyone: [.authInvalid, .authBanned]
    case .user, .userOrBackend, .operators, .backend:
      [.authRequired, .authInvalid, .authBanned, APIError(.forbidden)]
    case .owner, .ownerOrLink: [.authRequired, .authInvalid, .authBanned, APIError(.forbidden), .roomUnknown]
    case .room(let permission), .roomOrBackend(let permission):
      [
        .authRequired, .authInvalid, .authBanned, APIError(.forbidden), APIError(permission.refusal), .roomUnknown,
        .rule(.userBanned),
        .rule(.roomEnded), .rule(.roomBanned), .roomUnavailable,
      ]
    }
  }

  private var bodyErrors: [APIError] {
    switch body {
    case .none: []
    case .json, .optionalJSON: [.jsonMalformed, .contentType, .tooLarge]
    case .text: [.sdpMalformed, .contentType, .tooLarge]
    }
  }
}

extension Access {
  fileprivate var security: [JSONValue] {
    switch self {
    case .open: []
    case .anyone, .ownerOrLink: [.object([:]), ["user": []]]
    case .user, .room, .owner, .operators: [["user": []]]
    case .userOrBackend, .backend, .roomOrBackend: [["user": []], ["apiKey": []]]
    }
  }

  /// For the document: who may.
  fileprivate var note: String {
    switch self {
    case .open: "open"
    case .anyone: "anyone"
    case .user: "user"
    case .userOrBackend: "user, backend"
    case .room(let permission): "room: \(permission.rawValue)"
    case .roomOrBackend(let permission): "room: \(permission.rawValue); backend"
    case .owner: "host, operator"
    case .ownerOrLink: "host, operator, whoever has a link"
    case .operators: "operator"
    case .backend: "backend, operator"
    }
  }
}
