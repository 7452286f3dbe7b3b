import HTTPTypes

/// The route table as an OpenAPI 3.1 document.
struct OpenAPIDocument {
  let endpoints: [Endpoint]

  var json: JSONValue {
    .object([
      "openapi": "3.1.0", "info": Self.info, "servers": [["url": "/"]], "tags": tags, "paths": .object(paths),
      "components": ["schemas": .object(schemas), "securitySchemes": Self.securitySchemes],
      "x-events": EventsDescription.json,
    ])
  }

  private static let info: JSONValue = [
    "title": "mixd", "version": "1",
    "description": """
    The HTTP API of mixd, a co-hosting mixing server. Every refusal has a body of the schema Error: its code is stable, \
    its message is for developers.
    """,
  ]

  private static let securitySchemes: JSONValue = [
    "user": [
      "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
      "description": "The token of a session, or one that a backend has minted.",
    ],
    "apiKey": ["type": "http", "scheme": "bearer", "description": "An API key (`mk_…`) of a backend."],
  ]

  private var tags: JSONValue {
    .list(Endpoint.Tag.allCases.map { tag in ["name": .text(tag.rawValue), "description": .text(tag.note)] })
  }

  private var paths: [String: JSONValue] {
    Dictionary(grouping: endpoints, by: \.path).mapValues { endpoints in
      .object(
        endpoints.reduce(into: [:]) { operations, endpoint in
          operations[endpoint.method.rawValue.lowercased()] = OpenAPIOperation(endpoint: endpoint).json
        })
    }
  }

  private var schemas: [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    for endpoint in endpoints {
      for schema in endpoint.schemas { schema.collect(into: &found) }
    }
    Schema.error.collect(into: &found)
    for message in EventsDescription.fromServer { Schema.object(message.fields).collect(into: &found) }
    return found
  }
}

extension Endpoint {
  /// Everything it takes and answers with.
  var schemas: [Schema] {
    let taken: [Schema] =
      switch body {
      case .none, .text: []
      case .json(let schema), .optionalJSON(let schema): [schema]
      }
    return taken
      + answers.compactMap { answer in
        if case .json(let schema) = answer.content { schema } else { nil }
      }
  }
}

extension Endpoint.Tag {
  var note: String {
    switch self {
    case .identity: "Guests, accounts, sessions, API keys."
    case .rooms: "Live shows and what happens in them."
    case .stage: "Co-hosting: applications, invitations, participants, seats."
    case .chat: "Messages, likes, gifts."
    case .links: "Several hosts together, with or without a battle."
    case .programme: "Scene, outputs, recordings, measurements."
    case .media: "WHIP and WHEP."
    case .webhooks: "Calls to the operator's own servers."
    case .moderation: "Who may not talk, enter or use the platform."
    case .operating: "Health, metrics and this document."
    }
  }
}
