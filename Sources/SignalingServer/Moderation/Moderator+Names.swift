extension Moderator {
  /// The name that a user may be shown by from now on.
  func review(name: String, of user: String) async throws(APIError) -> String {
    try await review(ModerationQuestion(roomId: nil, userId: user, name: name, kind: .name, text: name))
  }

  /// The name that a newcomer may be shown by.
  func review(newcomer name: String, from addresses: String) async throws(APIError) -> String {
    try await review(
      ModerationQuestion(roomId: nil, userId: nil, name: name, kind: .name, text: name), from: addresses)
  }

  /// The name of an account is what its owner signs in with: there is none in its place.
  func review(account name: String, from addresses: String) async throws(APIError) {
    if try await review(newcomer: name, from: addresses) != name { throw .textRefused }
  }
}
