import MixCore
import Outputs

/// The thread of one output: does what the state machine says and tells it what came of it.
final class OutputLoop {
  private let destination: OutputDestination
  private let reach: ReachGuard
  private let format: ProgramFormat
  private let mailbox: OutputMailbox
  private let interrupt: InterruptFlag
  private let onPhase: @Sendable (OutputPhase) -> Void
  private let onFirstByte: @Sendable (UInt64) -> Void
  private let needsKeyFrame: @Sendable () -> Void
  private var machine: PushStateMachine
  private var muxer: Muxer?
  /// Kept over reconnects, so that the timestamps go on.
  private var origin: MediaTime?
  private var bytesOfEarlierConnections = 0
  private var reported: OutputPhase?

  /// A destination that takes nothing for so long counts as lost; a disk may stand still as long as what waits for it is
  /// kept.
  private var writeTimeout: MediaTime { destination.isPush ? .seconds(5) : OutputWorker.longestFileQueue }

  init(
    destination: OutputDestination, reach: OutputReach, format: ProgramFormat, mailbox: OutputMailbox,
    interrupt: InterruptFlag, onPhase: @escaping @Sendable (OutputPhase) -> Void,
    onFirstByte: @escaping @Sendable (UInt64) -> Void,
    needsKeyFrame: @escaping @Sendable () -> Void
  ) {
    self.destination = destination
    self.reach = ReachGuard(reach)
    self.format = format
    self.mailbox = mailbox
    self.interrupt = interrupt
    self.onPhase = onPhase
    self.onFirstByte = onFirstByte
    self.needsKeyFrame = needsKeyFrame
    machine = PushStateMachine(retries: destination.isPush)
  }

  func run() {
    var action = machine.start(at: MonotonicClock.now())
    while action != .end {
      report()
      action = mailbox.stopDeadline != nil && machine.state != .live ? machine.stop() : perform(action)
    }
    report()
    if case .failed(let error) = machine.state { mailbox.end(error) } else { mailbox.end(nil) }
  }

  private func perform(_ action: PushStateMachine.Action) -> PushStateMachine.Action {
    switch action {
    case .connect(let deadline): return connect(deadline)
    case .send: return send()
    case .wait(let time):
      mailbox.sleep(until: time)
      return machine.timer(at: MonotonicClock.now())
    case .end: return .end
    }
  }

  private func connect(_ deadline: MediaTime) -> PushStateMachine.Action {
    interrupt.arm(deadline: deadline)
    do throws(OutputError) {
      muxer = try open(until: deadline)
    } catch {
      return failed(error)
    }
    mailbox.becomeLive(fresh: destination.isPush)
    needsKeyFrame()
    return machine.connected(at: MonotonicClock.now())
  }

  private func open(until deadline: MediaTime) throws(OutputError) -> Muxer {
    var failure = OutputError.unreachable("the host name has no address")
    for place in try reach.places(of: destination, until: deadline, interrupt) {
      do throws(OutputError) {
        return try Muxer(
          place, format: format, interrupt: interrupt, interleave: !destination.isPush, origin: origin)
      } catch {
        failure = error
        guard case .unreachable = error else { throw error }
      }
    }
    throw failure
  }

  private func send() -> PushStateMachine.Action {
    do throws(OutputError) {
      while case .packet(let packet) = mailbox.next() { try write(packet) }
      interrupt.arm(deadline: mailbox.stopDeadline ?? MonotonicClock.now() + writeTimeout)
      try muxer?.finish()
    } catch {
      return failed(error)
    }
    countBytes()
    muxer = nil
    return machine.stop()
  }

  private func write(_ packet: EncodedPacket) throws(OutputError) {
    let limit = MonotonicClock.now() + writeTimeout
    interrupt.arm(deadline: min(limit, mailbox.stopDeadline ?? limit))
    try muxer?.write(packet)
    if packet.isVideo, packet.ledgerID != 0 { onFirstByte(packet.ledgerID) }
    countBytes()
  }

  private func failed(_ error: OutputError) -> PushStateMachine.Action {
    if let muxer {
      origin = muxer.origin
      bytesOfEarlierConnections += muxer.bytesWritten
    }
    muxer = nil
    mailbox.becomeOffline()
    if mailbox.stopDeadline != nil, error == .stopped || destination.isPush { return machine.stop() }
    return machine.failed(error, at: MonotonicClock.now())
  }

  private func countBytes() { mailbox.count(bytes: bytesOfEarlierConnections + (muxer?.bytesWritten ?? 0)) }

  /// Later attempts to connect keep saying why the one before failed.
  private func report() {
    let phase: OutputPhase
    switch machine.state {
    case .idle, .stopped: return
    case .connecting: phase = reported ?? .connecting
    case .live: phase = .live
    case .retrying(let error): phase = .retrying(reason: "\(error.code): \(error.message)")
    case .failed(let error): phase = .failed(reason: "\(error.code): \(error.message)")
    }
    // A lost connection is followed by attempts, in which the state stays the last failure's.
    guard phase != reported else { return }
    reported = phase
    onPhase(phase)
  }
}
