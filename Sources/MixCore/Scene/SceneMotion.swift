/// A programme's way from scene to scene. It begins with the first tick after another scene was asked for, or later where
/// somebody decides so before that tick. Of scenes that are asked for while one waits only the newest is ever shown.
struct SceneMotion: Sendable {
  private struct Wait: Sendable {
    /// When the first of all that wait was asked for.
    let since: MediaTime
    /// When the newest was.
    let asked: MediaTime
    /// `nil` until it is decided.
    var start: MediaTime?
  }

  /// The newest scene that was asked for.
  private(set) var target: Scene
  /// Where the running transition leads, or the last one has led.
  private var end: Scene
  private var running: SceneTransition?
  private var wait: Wait?

  init(_ scene: Scene) {
    target = scene
    end = scene
  }

  var isUndecided: Bool {
    guard let wait else { return false }
    return wait.start == nil
  }

  mutating func cut(to scene: Scene) { self = SceneMotion(scene) }

  mutating func move(to scene: Scene, at now: MediaTime) {
    target = scene
    wait = Wait(since: wait?.since ?? now, asked: now)
  }

  /// - Parameter longest: counted from the first scene that waits, so that newer ones cannot put the way off for ever.
  mutating func delay(until start: MediaTime, atMost longest: MediaTime) {
    guard isUndecided, let waiting = wait else { return }
    wait?.start = max(waiting.asked, min(start, waiting.since + longest))
  }

  /// A tick passes. While a scene waits, a transition that runs goes on.
  mutating func advance(to now: MediaTime) {
    guard let waiting = wait else { return }
    let start = waiting.start ?? waiting.asked
    guard start <= now else { return }
    running = SceneTransition(
      from: shown(at: start), to: target, start: start, duration: TransitionTiming.duration)
    end = target
    wait = nil
  }

  func shown(at now: MediaTime) -> Scene {
    guard let running, !running.isFinished(at: now) else { return end }
    return running.scene(at: now)
  }
}
