import Signaling

/// Who sent a request, as far as its credentials prove it.
struct Caller: Sendable, Equatable {
  enum Kind: String, Sendable, Codable { case guest, account, `operator`, backend }

  let kind: Kind
  /// `nil` for a backend, which is nobody in a room.
  let person: Person?
  /// The user's session, or the API key of a backend.
  let credential: String
}
