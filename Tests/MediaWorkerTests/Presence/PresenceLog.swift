import MediaControl
import Synchronization

/// What a worker said about sessions and scenes.
final class PresenceLog: Sendable {
  private struct State {
    var sessions: [SessionID: [SessionState]] = [:]
    var scenes: [[String]] = []
    var layout: String?
    var heard: Set<String> = []
  }

  private let state = Mutex(State())

  init(_ events: AsyncStream<MediaEvent>) {
    Task { [weak self] in
      for await event in events {
        self?.state.withLock { state in
          switch event {
          case .sessionState(let id, _, let change): state.sessions[id, default: []].append(change)
          case .sceneChanged(_, let scene):
            state.scenes.append(scene.layers.map(\.userId))
            state.layout = scene.layout
          case .participantMedia(_, let user, video: _, audio: true): state.heard.insert(user.rawValue)
          default: break
          }
        }
      }
    }
  }

  func changes(of session: String) -> [SessionState] {
    state.withLock { $0.sessions[SessionID(rawValue: session)] ?? [] }
  }

  /// Whose sound has ever arrived.
  var heard: Set<String> { state.withLock { $0.heard } }

  /// Who was in each scene, in order.
  var scenes: [[String]] { state.withLock { $0.scenes } }

  /// Of the newest scene.
  var layout: String? { state.withLock { $0.layout } }
}
