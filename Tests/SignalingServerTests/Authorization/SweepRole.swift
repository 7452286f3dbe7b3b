import Signaling

@testable import SignalingServer

/// Everybody who could ask.
enum SweepRole: String, CaseIterable, Sendable {
  case anonymous, viewer, cohost, roomAdmin, host, otherHost, `operator`, banned, roomBanned, apiKey

  /// What he is in the room of the sweep.
  var standings: Set<Standing> {
    switch self {
    case .anonymous, .banned, .roomBanned, .apiKey: []
    case .viewer, .otherHost: [.viewer]
    case .cohost: [.cohost]
    case .roomAdmin: [.viewer, .admin]
    case .host: [.host]
    case .operator: [.viewer, .operator]
    }
  }
}

extension Set<SweepRole> {
  static var everybody: Self { Set(SweepRole.allCases) }
  /// Where a token counts if it is sent, one of a banned user does not.
  static var anyone: Self { everybody.subtracting([.banned]) }
  static var users: Self { anyone.subtracting([.anonymous, .apiKey]) }
  static var members: Self { users.subtracting([.roomBanned]) }
  static var helpers: Self { [.host, .roomAdmin, .operator] }
  static var hosts: Self { [.host] }
}

extension Access {
  /// Whom the table lets through to the handler.
  var roles: Set<SweepRole> {
    switch self {
    case .open: .everybody
    case .anyone: .anyone
    case .user: .users
    case .userOrBackend: Set<SweepRole>.users.union([.apiKey])
    case .owner, .ownerOrLink: [.host, .operator]
    case .operators: [.operator]
    case .backend: [.operator, .apiKey]
    case .room(let permission): Set<SweepRole>.members.filter { permission.isGranted(to: $0.standings) }
    case .roomOrBackend(let permission):
      Set<SweepRole>.members.filter { permission.isGranted(to: $0.standings) }.union([.apiKey])
    }
  }
}
