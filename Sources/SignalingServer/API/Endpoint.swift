import HTTPTypes
import Hummingbird
import Signaling

/// One operation of the API: where it is, who may use it, what it takes and answers, and what does it.
struct Endpoint: Sendable {
  typealias Handler = @Sendable (Call) async throws -> Response

  let method: HTTPRequest.Method
  /// With parts that vary in braces: `/api/v1/rooms/{room}`.
  let path: String
  let access: Access
  let tag: Tag
  let summary: String
  let query: [Field]
  /// Fields of the request's head that change what it does.
  let headers: [Field]
  let body: Body
  let answers: [Answer]
  /// The refusals that are its own; those that follow from path, access and body are added by the document.
  let errors: [APIError]
  let handler: Handler

  init(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ tag: Tag, _ summary: String,
    query: [Field] = [], headers: [Field] = [], body: Body = .none, answers: [Answer], errors: [APIError] = [],
    handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.access = access
    self.tag = tag
    self.summary = summary
    self.query = query
    self.headers = headers
    self.body = body
    self.answers = answers
    self.errors = errors
    self.handler = handler
  }
}

extension Endpoint {
  /// Users make or change a room by it, or open a session of its media, and it has no pace of its own, as words, likes
  /// and gifts have. Viewers without a name have the pace of their address.
  var isPaced: Bool {
    if access == .owner || access == .userOrBackend { return method != .get }
    if tag == .media { return method == .post }
    guard case .room(let permission) = access, permission != .operate, method != .get else { return false }
    return tag != .chat || method != .post
  }

  /// What an endpoint is about.
  enum Tag: String, Sendable, CaseIterable {
    case identity, rooms, stage, chat, links, programme, media, webhooks, moderation, operating
  }

  enum Body: Sendable {
    case none
    case json(Schema)
    /// JSON that may be left out altogether.
    case optionalJSON(Schema)
    /// A text of this type, such as a session description.
    case text(String)
  }

  /// One way to succeed.
  struct Answer: Sendable {
    enum Content: Sendable {
      case none
      case json(Schema)
      case text(String)
    }
    let status: HTTPResponse.Status
    let content: Content
    /// Fields of its head that say something of its own.
    var headers: [Field] = []

    static let noContent = Answer(status: .noContent, content: .none)
    static func ok(_ schema: Schema) -> Answer { Answer(status: .ok, content: .json(schema)) }
    static func created(_ schema: Schema) -> Answer { Answer(status: .created, content: .json(schema)) }
    static func accepted(_ schema: Schema) -> Answer { Answer(status: .accepted, content: .json(schema)) }
    static func text(_ status: HTTPResponse.Status, _ type: String, headers: [Field] = []) -> Answer {
      Answer(status: status, content: .text(type), headers: headers)
    }
  }
}
