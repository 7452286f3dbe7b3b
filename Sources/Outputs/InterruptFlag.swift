public import MixCore
import Synchronization

/// Ends a blocking call of a muxer from outside: at once when raised, or when its deadline has passed.
public final class InterruptFlag: Sendable {
  private let raised = Atomic<Bool>(false)
  private let deadline = Atomic<Int64>(MediaTime.distantFuture.nanoseconds)
  private let now: @Sendable () -> MediaTime

  /// - Parameter now: the clock that deadlines are measured by; without one they never pass.
  public init(now: @escaping @Sendable () -> MediaTime = { .distantPast }) { self.now = now }

  /// From now on every blocking call ends with `OutputError.stopped`.
  public func raise() { raised.store(true, ordering: .relaxed) }

  /// Calls that last beyond `time` end with `OutputError.timedOut`.
  public func arm(deadline time: MediaTime) { deadline.store(time.nanoseconds, ordering: .relaxed) }

  public var isRaised: Bool { raised.load(ordering: .relaxed) }

  var interrupts: Bool { isRaised || now().nanoseconds >= deadline.load(ordering: .relaxed) }
}
