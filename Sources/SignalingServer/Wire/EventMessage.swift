import MediaControl
import Signaling

/// One message of the events socket, server to client. Absent fields are left out.
struct EventMessage: Encodable, Sendable {
  let type: String
  var room: RoomBody?
  var participant: ParticipantBody?
  var application: RequestBody?
  var invitation: RequestBody?
  var scene: SceneDescription?
  var output: OutputBody?
  var recording: RecordingBody?
  var viewers: Int?
  var count: Int?
  var seats: [SeatBody]?
  var admin: Bool?
  var text: String?
  var video: VideoWish?
  var id: String?
  var userId: String?
  var name: String?
  var reason: LeaveReason?
  var link: LinkBody?
  var answer: LinkAnswerBody?
  var scores: [String: Int]?
  var expiresIn: Double?

  init(_ type: String) { self.type = type }
}

/// The first message of every events socket.
struct SnapshotMessage: Encodable, Sendable {
  let type = "snapshot"
  let room: RoomBody
  let role: RoomRole
  let userId: String
  let settings: SettingsBody
  let seats: [SeatBody]
  let participants: [ParticipantBody]
  let applications: [RequestBody]
  let invitations: [RequestBody]
  let scene: SceneDescription
  /// Only for the host.
  let outputs: [OutputBody]?
  /// What the participant's client is wanted to send; absent for others.
  let video: VideoWish?
  /// The end of the chat, oldest first.
  let messages: [MessageBody]
  let likes: Int
  let standing: StandingBody
  /// Only for who may moderate.
  let admins: [MemberBody]?
  let mutes: [SanctionBody]?
  /// The active link; for the host also one that waits for an answer.
  let link: LinkBody?

  private enum CodingKeys: CodingKey {
    case type, room, role, userId, settings, seats, participants, applications, invitations, scene, outputs, video
    case messages, likes, standing, admins, mutes, link
  }
}

/// The answer to a command.
struct CommandReply: Encodable, Sendable {
  var type = "ack"
  let ref: CommandReference?
  var id: String?
  var error: RefusalBody?
}

extension CommandReply {
  init(refusing ref: CommandReference?, _ error: APIError) {
    self.init(type: "error", ref: ref, error: RefusalBody(error))
  }
}

/// A command, client to server.
struct CommandMessage: Decodable, Sendable {
  let type: String
  let ref: CommandReference?
  let id: String?
  let media: StageRequest.Media?
  let text: String?
  let kind: ChatStyle?
  let giftId: String?
  let count: Int?
  /// Of a call: as over HTTP.
  let method: String?
  let path: String?
  let body: JSONValue?
  let token: String?
}

/// What the client calls a command, so that it finds its answer.
enum CommandReference: Codable, Sendable, Equatable {
  case number(Int)
  case text(String)

  /// Of a text, in Unicode scalars.
  private static let longest = 64

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else {
      let text = try container.decode(String.self)
      guard text.unicodeScalars.count <= Self.longest else { throw APIError.referenceTooLong }
      self = .text(text)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    }
  }
}
