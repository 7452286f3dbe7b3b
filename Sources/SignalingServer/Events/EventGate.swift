import Foundation
import HTTPTypes
import Logging
import NIOHTTP1
import Signaling

/// Decides which connections become events sockets.
struct EventGate: Sendable {
  struct Admission: Sendable {
    let room: LiveRoom
    /// `nil` until the first message brings a token.
    let caller: Caller?
    /// What the limit of sockets counts (`AddressGroup`).
    let address: String
    let origin: RequestOrigin
    let headers: HTTPHeaders
  }

  let plane: ControlPlane
  /// What answers requests that come over sockets.
  let answering: SocketCalls.Answering

  /// `nil` leaves the request to the router, which says what is wrong with it.
  func admit(_ head: HTTPRequestHead, from peer: String) async -> Admission? {
    guard head.method == .GET, let target = EventTarget(uri: head.uri) else { return nil }
    guard plane.admitsOrigin(head.headers.first(name: "Origin"), host: head.headers.first(name: "Host")) else {
      return nil
    }
    let offered = head.headers[canonicalForm: "Sec-WebSocket-Protocol"].map(String.init)
    let token = target.token ?? Subprotocol.token(in: offered)
    var caller: Caller?
    if let token {
      caller = try? await plane.identity.caller(of: token)
      guard caller?.person != nil else { return nil }
    }
    let origin = RequestOrigin(head, peer: peer, trustsProxy: plane.trustsProxy)
    let address = AddressGroup.of(origin.address)
    guard plane.sockets.enter(address, caller?.person?.id) else {
      plane.environment.metrics.update { $0.socketsRefused += 1 }
      return nil
    }
    // Last: a room is read, and kept, for those alone who are somebody and have not too many sockets.
    guard let room = await room(target.room, for: caller?.person) else {
      plane.sockets.leave(address, caller?.person?.id)
      return nil
    }
    plane.environment.metrics.update {
      $0.sockets += 1
      $0.socketsOpened += 1
    }
    let headers: HTTPHeaders =
      offered.contains(Subprotocol.events) ? ["Sec-WebSocket-Protocol": Subprotocol.events] : [:]
    return Admission(room: room, caller: caller, address: address, origin: origin, headers: headers)
  }

  private func room(_ id: String, for person: Person?) async -> LiveRoom? {
    guard let room = try? await plane.rooms.room(id) else { return nil }
    if let person, await !room.admits(person) { return nil }
    return room
  }

  func leave(_ admission: Admission) {
    plane.sockets.leave(admission.address, admission.caller?.person?.id)
    plane.environment.metrics.update { $0.sockets -= 1 }
  }
}

/// `/api/v1/rooms/{room}/events?token=…`
struct EventTarget: Equatable {
  let room: String
  let token: String?

  init?(uri: String) {
    let parts = uri.split(separator: "?", maxSplits: 1)
    guard let path = parts.first else { return nil }
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 6, names[0].isEmpty, names[1] == "api", names[2] == "v1", names[3] == "rooms",
      names[5] == "events"
    else { return nil }
    room = String(names[4])
    let query = parts.count == 2 ? parts[1].split(separator: "&") : []
    token = query.first { $0.hasPrefix("token=") }.map { String($0.dropFirst(6)) }
  }
}

extension ControlPlane {
  func admitsOrigin(of head: HTTPRequest) -> Bool {
    admitsOrigin(head.headerFields[.origin], host: head.authority)
  }

  /// Pages of this server, of origins the operator allows, and clients that are not pages.
  func admitsOrigin(_ origin: String?, host: String?) -> Bool {
    guard let origin else { return true }
    if allowedOrigins.contains(origin) { return true }
    guard let host, let start = origin.range(of: "://") else { return false }
    return origin[start.upperBound...].lowercased() == host.lowercased()
  }
}
