import Foundation
import JWTKit

/// Makes and checks user tokens (JWT, HS256). A token holds who and which session, and nothing else worth knowing.
struct TokenAuthority: Sendable {
  /// What a valid token says.
  struct Identity: Sendable, Equatable {
    let user: String
    let session: String
    /// Who minted it, where that was not the user by signing in.
    var issuer: String?
    /// Milliseconds since 1970.
    let expiresAt: Int64
  }

  private struct Claims: JWTPayload {
    var iss: IssuerClaim
    var sub: SubjectClaim
    var sid: String
    var by: String?
    var jti: IDClaim
    var iat: IssuedAtClaim
    var exp: ExpirationClaim
    var nbf: NotBeforeClaim?

    func verify(using algorithm: some JWTAlgorithm) throws {
      guard iss.value == TokenAuthority.issuer else {
        throw JWTError.claimVerificationFailure(failedClaim: iss, reason: "")
      }
      try exp.verifyNotExpired()
      try nbf?.verifyNotBefore()
    }
  }

  private static let issuer = "mixd"
  private let keys = JWTKeyCollection()

  init(secret: String) async {
    await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
  }

  func token(for identity: Identity, at now: Date = Date()) async throws -> String {
    let claims = Claims(
      iss: IssuerClaim(value: Self.issuer), sub: SubjectClaim(value: identity.user), sid: identity.session,
      by: identity.issuer, jti: IDClaim(value: RandomName.make()), iat: IssuedAtClaim(value: now),
      exp: ExpirationClaim(value: Date(timeIntervalSince1970: Double(identity.expiresAt) / 1000)))
    return try await keys.sign(claims)
  }

  /// `nil` for anything but a valid token.
  func identity(of token: String) async -> Identity? {
    guard token.utf8.count <= 2048, Self.algorithm(of: token) == "HS256",
      let claims = try? await keys.verify(token, as: Claims.self)
    else { return nil }
    return Identity(
      user: claims.sub.value, session: claims.sid, issuer: claims.by,
      expiresAt: Int64(claims.exp.value.timeIntervalSince1970 * 1000))
  }

  /// The header is looked at before any key is: `none` and every other algorithm are refused.
  private static func algorithm(of token: String) -> String? {
    struct Header: Decodable {
      let alg: String
      let kid: String?
    }
    guard let part = token.split(separator: ".", omittingEmptySubsequences: false).first else { return nil }
    var base64 = part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
    guard let data = Data(base64Encoded: base64), let header = try? JSONDecoder().decode(Header.self, from: data),
      header.kid == nil
    else { return nil }
    return header.alg
  }
}
