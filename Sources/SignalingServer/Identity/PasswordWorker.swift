import NIOPosix
import Synchronization

/// Hashes passwords on threads of its own, few at a time: a flood of sign-ins costs a core at most, and no memory.
final class PasswordWorker: Sendable {
  private let pool: NIOThreadPool
  private let cost: PasswordCost
  private let queue: Int
  private let entered = Mutex(0)
  /// What an unknown user's password is compared with, so that he takes as long as a known one.
  private let stranger: PasswordHash

  init(cost: PasswordCost, threads: Int, queue: Int) throws {
    self.cost = cost
    self.queue = queue
    stranger = try PasswordHash("", cost: cost)
    pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
  }

  /// How many are being looked at or wait for it.
  var waiting: Int { entered.withLock { $0 } }

  func shutdown() async { try? await pool.shutdownGracefully() }

  func hash(_ password: String) async throws(APIError) -> String {
    let cost = cost
    return try await perform { try PasswordHash(password, cost: cost).text }
  }

  /// Whether `password` is the stored one; never, but just as slowly, if there is none.
  func verify(_ password: String, _ stored: String?) async throws(APIError) -> Bool {
    let known = stored.flatMap(PasswordHash.init(text:))
    let hash = known ?? stranger
    return try await perform { hash.matches(password) && known != nil }
  }

  private func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws(APIError) -> Value
  {
    guard enter() else { throw .authBusy }
    defer { entered.withLock { $0 -= 1 } }
    do {
      return try await pool.runIfActive(work)
    } catch {
      throw .internalFault
    }
  }

  private func enter() -> Bool {
    entered.withLock { entered in
      guard entered < queue else { return false }
      entered += 1
      return true
    }
  }
}
