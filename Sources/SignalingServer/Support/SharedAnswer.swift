import Signaling

/// An answer that costs something: one question serves all who want it before its answer has come and a moment after.
actor SharedAnswer<Value: Sendable> {
  typealias Question = @Sendable () async throws -> Value

  private let freshness: Double
  private let now: @Sendable () -> Instant
  private var latest: (value: Value, at: Instant)?
  private var underWay: Task<Value, any Error>?

  /// - Parameter freshness: seconds for which an answer is good.
  init(freshness: Double, now: @escaping @Sendable () -> Instant) {
    self.freshness = freshness
    self.now = now
  }

  /// A refusal is told to all who wait for it and to nobody after them.
  func value(asking question: @escaping Question) async throws(APIError) -> Value {
    if let latest, now().seconds(since: latest.at) < freshness { return latest.value }
    let task = underWay ?? Task { try await self.ask(question) }
    underWay = task
    do {
      return try await task.value
    } catch {
      throw error as? APIError ?? .internalFault
    }
  }

  private func ask(_ question: Question) async throws -> Value {
    defer { underWay = nil }
    let value = try await question()
    latest = (value, now())
    return value
  }
}
