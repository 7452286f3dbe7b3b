import Foundation
import Signaling

/// What signing in answers with.
struct SessionBody: Encodable, Sendable {
  let userId: String
  let name: String
  let token: String
  /// Seconds the token is good for.
  let expiresIn: Int
  let refreshToken: String
}

/// A user as the API shows him.
struct UserBody: Encodable, Sendable {
  let id: String
  let name: String
  let kind: String
  /// Absent for everybody else.
  let `operator`: Bool?

  init(_ user: StoredUser) {
    id = user.id
    name = user.person.name
    kind = user.kind.rawValue
    self.operator = user.isOperator ? true : nil
  }
}

struct KeyBody: Encodable, Sendable {
  let id: String
  let name: String
  let createdAt: String
  /// Only in the answer to its making.
  var key: String?

  init(_ key: StoredKey, secret: String? = nil) {
    id = key.id
    name = key.name
    createdAt = Date(timeIntervalSince1970: Double(key.createdAt) / 1000).formatted(.iso8601)
    self.key = secret
  }
}

struct MintedBody: Encodable, Sendable {
  let userId: String
  let name: String
  let token: String
  let expiresIn: Int
}

struct BanBody: Encodable, Sendable {
  let userId: String
  let name: String
  let reason: String
  let bannedBy: String
  let createdAt: String

  init(_ ban: StoredBan) {
    userId = ban.user.id
    name = ban.user.name
    reason = ban.reason
    bannedBy = ban.bannedBy
    createdAt = Date(timeIntervalSince1970: Double(ban.createdAt) / 1000).formatted(.iso8601)
  }
}

struct BanListBody: Encodable, Sendable {
  let bans: [BanBody]
  let next: String?

  private enum CodingKeys: CodingKey { case bans, next }

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bans, forKey: .bans)
    try container.encode(next, forKey: .next)
  }
}
