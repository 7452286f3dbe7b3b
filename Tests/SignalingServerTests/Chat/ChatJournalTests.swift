import Logging
import Signaling
import Synchronization
import Testing

@testable import SignalingServer

@Suite struct ChatJournalTests {
  @Test("What comes while a commit is under way goes out with one more, in order")
  func grouping() async throws {
    let store = GatedStore()
    let journal = ChatJournal(store: store, logger: Logger(label: "test"))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await journal.write([.likes(0, room: "r")]) }
      try await eventually { store.commits.count == 1 }
      for number in 1...50 {
        tasks.addTask { try await journal.write([.likes(number, room: "r")]) }
        try await eventually { journal.backlog == number }
      }
      store.open()
      try await tasks.waitForAll()
    }
    #expect(store.commits == [[.likes(0, room: "r")], (1...50).map { .likes($0, room: "r") }])
  }

  @Test("A change that cannot be stored fails alone")
  func badChange() async throws {
    let store = GatedStore(refused: "bad")
    let journal = ChatJournal(store: store, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    await withTaskGroup(of: Bool.self) { tasks in
      tasks.addTask { (try? await journal.write([.likes(0, room: "r")])) != nil }
      try? await eventually { store.commits.count == 1 }
      for (index, room) in ["a", "bad", "c"].enumerated() {
        tasks.addTask { (try? await journal.write([.likes(1, room: room)])) != nil }
        try? await eventually { journal.backlog == index + 1 }
      }
      store.open()
      #expect(await tasks.reduce(0) { $0 + ($1 ? 1 : 0) } == 3)
    }
    #expect(store.stored == [.likes(0, room: "r"), .likes(1, room: "a"), .likes(1, room: "c")])
  }
}

/// Commits nothing before it is opened.
private final class GatedStore: ChatStore {
  private struct State {
    var commits: [[ChatChange]] = []
    var stored: [ChatChange] = []
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  private let refused: String?

  init(refused: String? = nil) { self.refused = refused }

  var commits: [[ChatChange]] { state.withLock { $0.commits } }
  var stored: [ChatChange] { state.withLock { $0.stored } }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func write(_ changes: [ChatChange]) async throws {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isOpen = state.withLock { state in
        state.commits.append(changes)
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
    if changes.contains(where: { $0.room == refused }) { throw SignalingError.roomEnded }
    state.withLock { $0.stored += changes }
  }

  func chat(of room: String) async throws -> StoredChat { StoredChat() }
}

extension ChatChange {
  fileprivate var room: String {
    switch self {
    case .message(_, let room), .erase(_, let room), .likes(_, let room), .gifts(_, let room): room
    }
  }
}
