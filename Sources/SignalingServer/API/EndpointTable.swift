import HTTPTypes
import Hummingbird

/// The route table: every operation of the API, once.
struct EndpointTable: Sendable {
  let endpoints: [Endpoint]

  init(_ plane: ControlPlane) {
    let operations =
      SessionEndpoints(plane: plane).all + UserEndpoints(plane: plane).all + BackendEndpoints(plane: plane).all
      + BanEndpoints(plane: plane).all + RoomBanEndpoints(plane: plane).all + RoomEndpoints(plane: plane).all
      + StageEndpoints(plane: plane).all
      + ChatEndpoints(plane: plane).all + NoticeEndpoints(plane: plane).all + ModerationEndpoints(plane: plane).all
      + SeatEndpoints(plane: plane).all
      + LinkEndpoints(plane: plane).all
      + SceneEndpoints(plane: plane).all + RecordingEndpoints(plane: plane).all
      + MediaEndpoints(plane: plane).all + OperatingEndpoints(plane: plane).all
      + WebhookEndpoints(webhooks: plane.webhooks).all
    endpoints = operations + DocumentEndpoints(describing: operations).all
  }

  /// Registers all paths; each handler runs only for whom the gatekeeper admits.
  func add(to router: Router<APIContext>, gatekeeper: Gatekeeper) {
    for (path, endpoints) in Dictionary(grouping: endpoints, by: \.path) {
      let handlers = endpoints.reduce(into: [HTTPRequest.Method: Handler]()) { handlers, endpoint in
        handlers[endpoint.method] = { request, context in
          try await endpoint.handler(try await gatekeeper.admit(request, context, to: endpoint))
        }
      }
      router.route(RouterPath(Self.pattern(path)), handlers)
    }
  }

  /// `/rooms/{room}` as the router writes it.
  private static func pattern(_ path: String) -> String {
    path.replacing("{", with: ":").replacing("}", with: "")
  }
}
