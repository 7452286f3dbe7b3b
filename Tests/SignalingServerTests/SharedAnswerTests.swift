import Signaling
import Synchronization
import Testing

@testable import SignalingServer

@Suite struct SharedAnswerTests {
  /// Answers with how often it was asked, at a time that stands still.
  private final class Source: Sendable {
    private let state = Mutex((time: Instant.zero, asked: 0))

    var now: Instant { state.withLock { $0.time } }
    var asked: Int { state.withLock { $0.asked } }

    func pass(seconds: Double) { state.withLock { $0.time = $0.time.advanced(bySeconds: seconds) } }

    func answer() -> Int {
      state.withLock { state in
        state.asked += 1
        return state.asked
      }
    }
  }

  private let source = Source()
  private let shared: SharedAnswer<Int>

  init() {
    shared = SharedAnswer(freshness: 2) { [source] in source.now }
  }

  @Test("Who asks while a question is under way gets its answer")
  func underWay() async throws {
    let (gate, opening) = AsyncStream<Void>.makeStream()
    let tasks = (0..<20).map { _ in
      Task { [shared, source] in
        try await shared.value {
          let answer = source.answer()
          for await _ in gate {}
          return answer
        }
      }
    }
    try await eventually { source.asked > 0 }
    try await Task.sleep(for: .milliseconds(50))
    opening.finish()
    for task in tasks {
      let answer = try await task.value
      #expect(answer == 1)
    }
    #expect(source.asked == 1)
  }

  @Test("An answer is good for its time, and not longer")
  func freshness() async throws {
    let ask = { [shared, source] in try await shared.value { source.answer() } }
    let steps: [(pause: Double, expected: Int)] = [(0, 1), (1.9, 1), (0.2, 2), (1.9, 2), (5, 3)]
    for (pause, expected) in steps {
      source.pass(seconds: pause)
      let answer = try await ask()
      #expect(answer == expected)
    }
  }

  @Test("A refusal is kept for nobody, and faults of another kind are the server's")
  func refusal() async throws {
    struct Fault: Error {}
    let refused = await #expect(throws: APIError.self) { try await shared.value { throw APIError.roomUnknown } }
    #expect(refused == .roomUnknown)
    let failed = await #expect(throws: APIError.self) { try await shared.value { throw Fault() } }
    #expect(failed == .internalFault)
    let answer = try await shared.value { [source] in source.answer() }
    #expect(answer == 1)
  }
}
