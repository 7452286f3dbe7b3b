import HTTPTypes
import NIOCore
import NIOWebSocket
import Signaling

/// The commands of one events socket, one after the other.
struct EventCommands {
  private let room: LiveRoom
  private let plane: ControlPlane
  private let outbox: Outbox
  private let calls: SocketCalls
  private(set) var caller: Caller?
  private var subscription: Int?
  /// Whose place among the users' sockets was taken with the first message.
  private var counted: String?
  private var tokens: Double
  private var refilled = ContinuousClock.now

  init(room: LiveRoom, plane: ControlPlane, outbox: Outbox, calls: SocketCalls) {
    self.room = room
    self.plane = plane
    self.outbox = outbox
    self.calls = calls
    tokens = plane.limits.commandBurst
  }

  /// Begins to follow the room as whom the handshake has named; returns a close code if that is refused.
  mutating func enter(as caller: Caller) async -> WebSocketErrorCode? {
    do throws(APIError) {
      try await follow(as: caller)
      return nil
    } catch {
      return Self.end(after: error)
    }
  }

  /// - Parameter greeting: what comes before the snapshot, if there is one.
  private mutating func follow(as caller: Caller, greeting: ByteBuffer? = nil) async throws(APIError) {
    subscription = try await room.subscribe(caller, outbox, greeting: greeting)
    self.caller = caller
  }

  /// What a socket is closed with that may not follow its room.
  private static func end(after error: APIError) -> WebSocketErrorCode {
    switch error.status {
    case .gone: .roomOver
    case .forbidden: .removed
    case .unauthorized: .unauthorized
    default: .tooSlow
    }
  }

  func leave() async {
    if let subscription { await room.unsubscribe(subscription) }
    if let counted { plane.sockets.users.leave(counted) }
  }

  /// Carries out one message; returns a close code if the socket has to end.
  mutating func receive(_ data: ByteBuffer) async -> WebSocketErrorCode? {
    guard String(validating: data.readableBytesView, as: UTF8.self) != nil else { return .dataInconsistentWithMessage }
    var reference: CommandReference?
    do throws(APIError) {
      guard takeToken() else {
        reference = CommandReference(ofShort: data)
        throw .commandTooOften
      }
      let command: CommandMessage
      do throws(APIError) {
        command = try JSON.decode(CommandMessage.self, from: data)
      } catch {
        reference = CommandReference(of: data)
        throw error
      }
      reference = command.ref
      if command.type == "auth" { return await authenticate(command) }
      guard let known = self.caller else {
        reply(CommandReply(refusing: reference, .authRequired))
        return .unauthorized
      }
      let caller = try await plane.identity.current(known)
      guard caller.person != nil else { return .unauthorized }
      switch plane.identity.validity(of: caller) {
      case .good: break
      case .signedOut: return .unauthorized
      case .banned: return .removed
      }
      if command.type == "call" {
        reply(try await calls.result(of: command, by: caller))
        return nil
      }
      reply(CommandReply(ref: reference, id: try await perform(command, by: caller)))
    } catch {
      reply(CommandReply(refusing: reference, error))
    }
    return nil
  }

  /// The first message of a socket whose handshake brought no token.
  private mutating func authenticate(_ command: CommandMessage) async -> WebSocketErrorCode? {
    guard self.caller == nil else {
      reply(CommandReply(refusing: command.ref, .socketSignedIn))
      return nil
    }
    let newcomer: Caller
    do throws(APIError) {
      newcomer = try await bearer(of: command.token)
    } catch {
      reply(CommandReply(refusing: command.ref, error))
      return error.status == .internalServerError ? .tooSlow : .unauthorized
    }
    do throws(APIError) {
      try takePlace(of: newcomer)
      let greeting = try? JSON.encode(CommandReply(ref: command.ref))
      try await follow(as: newcomer, greeting: greeting.map(ByteBuffer.textFrame))
      return nil
    } catch {
      reply(CommandReply(refusing: command.ref, error))
      return Self.end(after: error)
    }
  }

  private func bearer(of token: String?) async throws(APIError) -> Caller {
    let bearer = try await plane.identity.caller(of: try required(token, "token"))
    guard bearer.person != nil else { throw .userNeeded }
    return bearer
  }

  /// Among the sockets of this user.
  private mutating func takePlace(of caller: Caller) throws(APIError) {
    guard let user = caller.person?.id else { throw .userNeeded }
    guard plane.sockets.users.enter(user) else {
      plane.environment.metrics.update { $0.socketsRefused += 1 }
      throw .viewersFull
    }
    counted = user
  }

  /// Those that do what requests with the pace of changes do.
  private static let changes: Set = ["apply", "accept", "reject", "cancel", "leave"]

  /// Returns the id of what the command made or answered.
  private func perform(_ command: CommandMessage, by caller: Caller) async throws(APIError) -> String? {
    guard let person = caller.person else { throw .userNeeded }
    if Self.changes.contains(command.type) { try plane.changePace.require(of: caller) }
    switch command.type {
    case "apply": return try await room.apply(media: command.media ?? .video, by: caller).id
    case "accept", "reject", "cancel":
      guard let answer = StageRequest.Answer(rawValue: command.type) else { throw .commandUnknown }
      let id = try required(command.id, "id")
      try await room.answer(answer, id: id, by: person)
      return id
    case "leave":
      try await room.remove(person.id, by: person)
      return nil
    case "chat":
      return try await room.say(command.kind ?? .text, try required(command.text, "text"), by: caller).id
    case "like":
      _ = try await room.like(try required(command.count, "count"), by: person)
      return nil
    case "gift":
      let gift = try required(command.giftId, "giftId")
      return try await room.give(gift, count: try required(command.count, "count"), by: person).id
    default: throw .commandUnknown
    }
  }

  private func required<Value>(_ value: Value?, _ name: String) throws(APIError) -> Value {
    guard let value else { throw .fieldMissing(name) }
    return value
  }

  private mutating func takeToken() -> Bool {
    let now = ContinuousClock.now
    let elapsed = (now - refilled) / Duration.seconds(1)
    tokens = min(plane.limits.commandBurst, tokens + elapsed * plane.limits.commandRate)
    refilled = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }

  private func reply(_ reply: some Encodable) {
    if let text = try? JSON.encode(reply) { outbox.send(.textFrame(text)) }
  }
}

extension CommandReference {
  private struct Message: Decodable { let ref: CommandReference? }

  /// Of a command that comes too often to be read as a whole. A long one keeps it to itself: nobody wears the server out by
  /// what it refuses.
  fileprivate init?(ofShort data: ByteBuffer) {
    guard data.readableBytes <= 1024 else { return nil }
    self.init(of: data)
  }

  /// Of a command that is wrong otherwise.
  fileprivate init?(of data: ByteBuffer) {
    guard let ref = try? JSON.decode(Message.self, from: data).ref else { return nil }
    self = ref
  }
}
