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

  /// Begins to follow the room; returns a close code if that is refused.
  mutating func enter(as caller: Caller) async -> WebSocketErrorCode? {
    do throws(APIError) {
      subscription = try await room.subscribe(caller, outbox)
      self.caller = caller
      return nil
    } catch {
      switch error.status {
      case .gone: return .roomOver
      case .forbidden: return .removed
      case .unauthorized: return .unauthorized
      default: return .tooSlow
      }
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
      guard let known = self.caller else { return .unauthorized }
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

  private mutating func authenticate(_ command: CommandMessage) async -> WebSocketErrorCode? {
    guard caller == nil, let token = command.token, let caller = try? await plane.identity.caller(of: token),
      let user = caller.person?.id
    else { return .unauthorized }
    guard plane.sockets.users.enter(user) else {
      plane.environment.metrics.update { $0.socketsRefused += 1 }
      reply(CommandReply(refusing: command.ref, .viewersFull))
      return .tooSlow
    }
    counted = user
    reply(CommandReply(ref: command.ref))
    return await enter(as: caller)
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
