import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Signaling

/// Who is asking.
struct IdentityService: Sendable {
  let tokens: TokenAuthority
  let store: any RoomStore
  let logger: Logger

  /// A new guest and the token that proves it.
  func register(name: String) async throws -> (person: Person, token: String) {
    let person = Person(id: RandomName.make("u_"), name: try DisplayText.name(name))
    try await store.addUser(person)
    return (person, try await tokens.token(for: person.id))
  }

  /// The user of a request; refuses requests without a valid token.
  func require(_ request: Request) async throws(APIError) -> Person {
    guard let token = request.bearer else { throw .authRequired }
    return try await person(of: token)
  }

  /// The user of a request that needs none; a token that is there must be valid.
  func optional(_ request: Request) async throws(APIError) -> Person? {
    guard let token = request.bearer else { return nil }
    return try await person(of: token)
  }

  func person(of token: String) async throws(APIError) -> Person {
    guard let id = await tokens.user(of: token) else { throw .authInvalid }
    guard let person = try await find(id) else { throw .authInvalid }
    return person
  }

  func find(_ id: String) async throws(APIError) -> Person? {
    do {
      return try await store.user(id)
    } catch {
      logger.error("The store failed.", metadata: ["error": "\(error)"])
      throw .internalFault
    }
  }
}
