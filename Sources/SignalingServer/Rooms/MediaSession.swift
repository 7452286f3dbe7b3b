import MediaControl
import Signaling

/// One WHIP or WHEP resource of a room.
struct MediaSession: Sendable {
  enum Kind: Sendable, Equatable {
    case publisher
    case viewer
    /// Receives the forwarded media of this participant.
    case stage(source: String)
  }

  let id: SessionID
  let kind: Kind
  /// Who opened it; `nil` for a viewer without a token.
  var caller: Caller?
  /// Where a viewer comes from (`AddressGroup`), for the limit per address.
  let address: String
  /// Which page of its user publishes it, if it has said so.
  var page: String?
  /// Changes with every ICE restart (RFC 9725 §4.3.1).
  var tag = RandomName.make()
  /// The worker hears nothing of it.
  var isSilent = false
  /// Since when it is one of the room's viewers.
  var countedSince: Instant?

  var isCounted: Bool { countedSince != nil }

  /// Whose it is in the count of viewers: nobody else's where nobody has said who watches.
  var viewer: String { user ?? id.rawValue }

  var user: String? { caller?.person?.id }

  /// A viewer's resource belongs to whoever knows its name, every other one to its user.
  func belongs(to caller: String?) -> Bool { kind == .viewer || user == caller }

  func concerns(_ participant: String) -> Bool {
    switch kind {
    case .publisher: user == participant
    case .viewer: false
    case .stage(let source): user == participant || source == participant
    }
  }
}
