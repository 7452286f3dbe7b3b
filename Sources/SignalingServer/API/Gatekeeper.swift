import Hummingbird
import Signaling

/// Decides who gets to a handler: the one place between the route table and what it leads to.
struct Gatekeeper: Sendable {
  let plane: ControlPlane
  /// How often those of one address who do not say who they are may open media sessions.
  private let strangers: KeyedRate

  init(plane: ControlPlane) {
    self.plane = plane
    strangers = KeyedRate(burst: plane.limits.strangersBurst, perMinute: plane.limits.strangersPerMinute)
  }

  func admit(_ request: Request, _ context: APIContext, to endpoint: Endpoint) async throws(APIError) -> Call {
    let caller = try await caller(of: request, context, for: endpoint.access)
    var room: LiveRoom?
    switch endpoint.access {
    case .open, .anyone: break
    case .user: try require(caller?.person != nil, caller)
    case .userOrBackend: try require(caller != nil, caller)
    case .owner: try await requireOwner(caller, context)
    case .ownerOrLink: try await requireOwnerOrLink(caller, request, context)
    case .operators: try require(caller?.kind == .operator, caller)
    case .backend: try require(caller?.kind == .operator || caller?.kind == .backend, caller)
    case .room(let permission):
      try require(caller?.person != nil, caller)
      let found = try await plane.room(context)
      try await found.require(permission, of: caller)
      room = found
    case .roomOrBackend(let permission):
      try require(caller != nil, caller)
      let found = try await plane.room(context)
      if caller?.kind == .backend {
        try await found.requireOpen()
      } else {
        try await found.require(permission, of: caller)
      }
      room = found
    }
    let call = Call(
      request, context, caller: caller, room: room, limits: plane.limits, book: plane.identity.book)
    if endpoint.isPaced { try requirePace(of: call) }
    return call
  }

  private func requireOwner(_ caller: Caller?, _ context: APIContext) async throws(APIError) {
    try require(caller?.person != nil, caller)
    let owner = try await plane.rooms.owner(of: try context.part("room"))
    try require(owner == caller?.person?.id || caller?.kind == .operator, caller)
  }

  /// Links into a room that operators have banned are theirs alone, whenever they were made.
  private func requireOwnerOrLink(
    _ caller: Caller?, _ request: Request, _ context: APIContext
  ) async throws(APIError) {
    guard let token = request.query("token") else { return try await requireOwner(caller, context) }
    if plane.recordingLinks.admits(token, to: try context.part("id")) {
      return try await plane.rooms.requireNotBanned(try context.part("room"), for: caller)
    }
    if caller == nil { throw .authInvalid }
    try await requireOwner(caller, context)
  }

  private func caller(
    of request: Request, _ context: APIContext, for access: Access
  ) async throws(APIError) -> Caller? {
    if access == .open { return nil }
    if let caller = context.caller { return caller }
    guard let token = request.bearer else { return nil }
    return try await plane.identity.caller(of: token)
  }

  private func requirePace(of call: Call) throws(APIError) {
    guard let caller = call.caller else { return try requireStrangersPace(of: call) }
    try plane.changePace.require(of: caller)
  }

  private func requireStrangersPace(of call: Call) throws(APIError) {
    if call.isFromThisMachine { return }
    guard strangers.take(AddressGroup.of(call.context.address)) else { throw .requestTooOften }
  }

  private func require(_ condition: Bool, _ caller: Caller?) throws(APIError) {
    if condition { return }
    if caller == nil { throw .authRequired }
    throw APIError(.forbidden)
  }
}

extension LiveRoom {
  func requireOpen() throws(APIError) {
    try checked { room, now throws(SignalingError) in try room.requireEntry(nil, at: now) }
  }

  func require(_ permission: Permission, of caller: Caller?) throws(APIError) {
    guard let person = caller?.person else { throw .authRequired }
    try checked { room, now throws(SignalingError) in try room.requireOpen(permission, of: person, at: now) }
  }
}
