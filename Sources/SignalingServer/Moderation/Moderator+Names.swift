extension Moderator {
  /// The name that somebody may be shown by: a new guest, or one who wants another name.
  func review(name: String, of user: String? = nil) async throws(APIError) -> String {
    try await review(ModerationQuestion(roomId: nil, userId: user, name: name, kind: .name, text: name))
  }

  /// The name of an account is what its owner signs in with: there is none in its place.
  func review(account name: String) async throws(APIError) {
    if try await review(name: name) != name { throw .textRefused }
  }
}
