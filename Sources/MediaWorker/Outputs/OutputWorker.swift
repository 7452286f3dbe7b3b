public import MixCore
public import Outputs

/// What became of an output.
public enum OutputPhase: Sendable, Equatable {
  case connecting
  case live
  /// Another attempt follows by itself.
  case retrying(reason: String)
  /// Final.
  case failed(reason: String)
}

/// One output with a thread of its own, so that nothing a destination does can hold up anything else.
public final class OutputWorker: Sendable {
  private let mailbox: OutputMailbox
  private let interrupt: InterruptFlag
  private let isPush: Bool

  /// How much waits for a file: a disk that stands still for a moment costs nothing, whereas who is pushed to wants what
  /// is new.
  static let longestFileQueue = MediaTime.seconds(30)

  /// How long an ending output may take to send what is left and write its trailer.
  private static let stopTimeout = MediaTime.seconds(3)

  /// Starts connecting at once. All closures are called on the worker's thread.
  /// - Parameters:
  ///   - onFirstByte: a frame with this ledger row was handed to the operating system.
  ///   - needsKeyFrame: a connection was made; media starts at the next key frame, so it should come soon.
  public init(
    destination: OutputDestination, reach: OutputReach = .anywhere, format: ProgramFormat,
    onPhase: @escaping @Sendable (OutputPhase) -> Void,
    onFirstByte: @escaping @Sendable (_ ledgerID: UInt64) -> Void, needsKeyFrame: @escaping @Sendable () -> Void = {}
  ) {
    let isPush = destination.isPush
    let mailbox = OutputMailbox(isPush ? PacketQueue() : PacketQueue(longest: Self.longestFileQueue))
    self.isPush = isPush
    let interrupt = InterruptFlag(now: { MonotonicClock.now() })
    self.mailbox = mailbox
    self.interrupt = interrupt
    LoopThread.start("mix-output") {
      let loop = OutputLoop(
        destination: destination, reach: reach, format: format, mailbox: mailbox, interrupt: interrupt,
        onPhase: onPhase,
        onFirstByte: onFirstByte, needsKeyFrame: needsKeyFrame)
      loop.run()
    }
  }

  deinit { requestStop() }

  /// Never blocks. A destination that is too slow loses the oldest packets (see `PacketQueue`).
  public func enqueue(_ packet: EncodedPacket) { mailbox.push(packet) }

  /// Ends the output behind the packets that wait, and returns when that is done or three seconds have passed.
  ///
  /// - Returns: why not all it was given has arrived, if so. A push is meant to leave out what is old.
  @discardableResult public func stop() -> OutputError? {
    requestStop()
    let failure = mailbox.waitUntilEnded(MonotonicClock.now() + Self.stopTimeout)
    interrupt.raise()
    if failure == nil, !isPush, mailbox.hasOverflowed { return .incomplete }
    return failure
  }

  /// As `stop`, without waiting for the end.
  public func requestStop() {
    let wasLive = mailbox.requestStop(deadline: MonotonicClock.now() + Self.stopTimeout)
    // Nothing was sent yet, so there is nothing to finish.
    if !wasLive { interrupt.raise() }
  }

  /// Bytes over all connections, and packets that were thrown away.
  public var counters: (bytes: Int, dropped: Int) { mailbox.counters }
}
