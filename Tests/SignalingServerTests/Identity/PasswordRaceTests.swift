import Foundation
import Logging
import Signaling
import Testing

@testable import SignalingServer

@Suite struct PasswordRaceTests {
  /// Over a store in a directory of its own; passwords take long enough to change one meanwhile.
  private func run(queue: Int = 8, _ body: (IdentityService) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "mixd-passwords-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let passwords = try PasswordWorker(
      cost: PasswordCost(rounds: 15, blockSize: 8, parallelism: 8), threads: 1, queue: queue)
    let identity = IdentityService(
      tokens: await TokenAuthority(secret: Secret.make()), store: try SQLiteStore(path: folder + "/db"),
      book: SessionBook(), passwords: passwords, rates: SignInRates(ServerLimits()), limits: ServerLimits(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await body(identity)
    await passwords.shutdown()
  }

  @Test("A sign-in whose password is being verified while it is changed gets no session")
  func signIn() async throws {
    try await run { identity in
      let made = try await identity.openAccount(name: "known-name", password: "correct horse", from: "a")
      let user = try #require(try await identity.store.user(id: made.userId))
      let signIn = Task { try await identity.signIn(name: "known-name", password: "correct horse", from: "a") }
      try await eventually { identity.passwords.waiting == 1 }
      let ended = try await identity.store.replacePassword(of: user, with: "a new hash", keeping: nil)
      #expect(ended?.count == 1)
      await #expect(throws: APIError.credentials) { try await signIn.value }
    }
  }

  @Test("Of two changes of a password that was right for both, one is made")
  func twoChanges() async throws {
    try await run { identity in
      let made = try await identity.openAccount(name: "known-name", password: "correct horse", from: "a")
      let caller = try await identity.caller(of: made.token)
      let changes = ["battery staple", "something else"].map { new in
        Task {
          do {
            try await identity.changePassword(of: caller, from: "correct horse", to: new)
            return true
          } catch { return false }
        }
      }
      var results: [Bool] = []
      for change in changes { results.append(await change.value) }
      #expect(results.count { $0 } == 1)
    }
  }

  @Test("A password that nobody had time to look at is no wrong one")
  func busy() async throws {
    try await run(queue: 0) { identity in
      for _ in 0...identity.limits.signInTries {
        await #expect(throws: APIError.authBusy) {
          try await identity.signIn(name: "known-name", password: "correct horse", from: "a")
        }
      }
    }
  }
}
