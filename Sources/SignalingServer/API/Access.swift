import Signaling

/// Who may use an endpoint. Decided before its handler runs.
enum Access: Sendable, Equatable {
  /// Everybody; nobody is asked who he is.
  case open
  /// Everybody; a token that is sent must be valid.
  case anyone
  /// Every user.
  case user
  /// Every user, and backends in the name of one.
  case userOrBackend
  /// Users with this permission in the room of the path, which must not be over.
  case room(Permission)
  /// The same, and backends with an API key.
  case roomOrBackend(Permission)
  /// The host of the room of the path, be it over or not, and operators.
  case owner
  /// The same, and whoever has a link to the recording of the path.
  case ownerOrLink
  /// Operators of the platform.
  case operators
  /// Backends with an API key, and operators.
  case backend
}
