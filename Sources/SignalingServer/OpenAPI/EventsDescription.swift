/// The messages of the events socket, as the document tells them beside the paths.
enum EventsDescription {
  struct Message: Sendable {
    let type: String
    let fields: [Field]
    let note: String

    init(_ type: String, _ note: String, _ fields: Field...) {
      self.type = type
      self.fields = fields
      self.note = note
    }
  }

  static var json: JSONValue {
    [
      "path": "/api/v1/rooms/{room}/events",
      "token": .text(
        "In the query `token`, a subprotocol `bearer.{token}` beside `mixd.v1`, or a first message "
          + "`{\"type\":\"auth\",\"token\":…}`."),
      "fromServer": .list(fromServer.map(\.json)),
      "fromClient": .list(fromClient.map(\.json)),
      "closeCodes": .object(
        closeCodes.reduce(into: [:]) { codes, pair in codes[String(pair.code)] = .text(pair.meaning) }),
    ]
  }

  private static let closeCodes: [(code: Int, meaning: String)] = [
    (1001, "The server stops."), (1002, "Protocol."), (1003, "Binary message."), (1007, "Not UTF-8."),
    (1008, "Reads too slowly, or too many."), (1009, "Message too large."), (4401, "No valid token any more."),
    (4403, "Banned."), (4410, "The room is over."),
  ]
}

extension EventsDescription.Message {
  fileprivate var json: JSONValue {
    let schema = Schema.object([.required("type", .choice([type]))] + fields)
    return ["type": .text(type), "description": .text(note), "schema": schema.json]
  }
}
