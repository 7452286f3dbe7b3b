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
  let allowedOrigins: [String]
  let trustsProxy: Bool

  var limits: ServerLimits { environment.limits }

  func room(_ context: APIContext) async throws(APIError) -> LiveRoom {
    try await rooms.room(try context.part("room"))
  }
}
