import NIOCore

/// Something that happened, as webhooks are told.
struct WebhookEvent: Encodable, Sendable {
  struct RoomName: Encodable, Sendable, Equatable {
    let id: String
    let title: String
  }

  /// The same however often the event is sent: receivers forget what they have seen.
  let id: String
  let type: WebhookEventType
  /// Milliseconds since 1970.
  let createdAt: Int64
  /// `nil` for what concerns no room.
  let room: RoomName?
  let data: WebhookData

  init(_ type: WebhookEventType, room: RoomName?, data: WebhookData = WebhookData()) {
    id = RandomName.make("evt_")
    self.type = type
    createdAt = ServerClock.wallMilliseconds()
    self.room = room
    self.data = data
  }

  /// Events of one room reach a webhook in order; others do not wait for each other.
  var lane: String { room?.id ?? id }

  /// The message without what is added when it is sent.
  var body: String { get throws { String(buffer: try JSON.encode(self)) } }
}

/// What an event is about. Absent fields are left out.
struct WebhookData: Encodable, Sendable {
  var room: RoomBody?
  var participant: ParticipantBody?
  var application: RequestBody?
  var output: OutputBody?
  var recording: RecordingBody?
  var link: LinkBody?
  var id: String?
  var userId: String?
  var name: String?
  var reason: String?
  var text: String?
  /// Who did it.
  var by: String?
  /// Seconds it lasts; absent if for ever.
  var seconds: Int?
}
