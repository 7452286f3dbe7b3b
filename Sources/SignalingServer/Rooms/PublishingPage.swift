import HTTPTypes

/// Which page of a user publishes, as it says itself: he may have several open, or have left one behind somewhere.
struct PublishingPage: Sendable, Equatable {
  /// `nil` for a client that does not say.
  let name: String?
  /// It goes on with what it published before, and takes over from itself alone.
  let isRenewal: Bool

  /// `value` gives what the query says by a name.
  init(_ value: (String) -> String?) throws(APIError) {
    name = value("page")
    isRenewal = value("renewal") == "true"
    if let name, !name.isPlainIdentifier {
      throw APIError(.badRequest, APIError.badQuery.code, "page must be 1 to 64 letters, digits, _ and -.")
    }
    guard let renewal = value("renewal") else { return }
    guard name != nil, ["true", "false"].contains(renewal) else {
      throw APIError(.badRequest, APIError.badQuery.code, "renewal must be true or false, and needs page.")
    }
  }

  /// Whether `session` keeps its place.
  func yields(to session: MediaSession) -> Bool { isRenewal && session.page != name }
}
