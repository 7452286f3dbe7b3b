import HTTPTypes
import Hummingbird
import Logging
import Signaling

/// What the handlers work with.
struct ControlPlane: Sendable {
  let identity: IdentityService
  let rooms: RoomRegistry
  let webhooks: WebhookRegistry
  let environment: LiveRoom.Environment
  let changePace: ChangePace
  let sockets: SocketPlaces
  let allowedOrigins: [String]
  let trustsProxy: Bool
  var recordingLinks = RecordingLinks(secret: Secret.make())

  var limits: ServerLimits { environment.limits }

  func room(_ context: APIContext) async throws(APIError) -> LiveRoom {
    try await rooms.room(try context.part("room"))
  }

  /// The room of a request that everybody may make, but for who names himself and is banned there.
  func room(shownBy call: Call) async throws(APIError) -> LiveRoom {
    let room = try await room(call.context)
    if let person = call.caller?.person {
      try await room.checked { room, now throws(SignalingError) in try room.require(.enter, of: person, at: now) }
    }
    return room
  }
}
