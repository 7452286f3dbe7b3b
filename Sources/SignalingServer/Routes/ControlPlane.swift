import HTTPTypes
import Hummingbird
import Logging
import Signaling

/// What the handlers work with.
struct ControlPlane: Sendable {
  let identity: IdentityService
  let rooms: RoomRegistry
  let environment: LiveRoom.Environment
  let privateOutputs: SignalingServerConfiguration.PrivateOutputs
  let allowedOrigins: [String]

  var limits: ServerLimits { environment.limits }

  /// The room named in the path and the user who asks.
  func subject(_ request: Request, _ context: APIContext) async throws -> (room: LiveRoom, person: Person) {
    let person = try await identity.require(request)
    return (try await room(context), person)
  }

  func room(_ context: APIContext) async throws -> LiveRoom {
    try await rooms.room(try context.part("room"))
  }
}
