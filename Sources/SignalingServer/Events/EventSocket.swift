import MediaControl
import NIOCore
import NIOWebSocket
import Signaling
import Synchronization

/// One client that follows a room: what happens goes out, commands come in.
struct EventSocket: Sendable {
  private let channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
  private let admission: EventGate.Admission
  private let plane: ControlPlane
  private let calls: SocketCalls
  private let outbox: Outbox
  private let life = Life()

  init(
    channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, admission: EventGate.Admission, outbox: Outbox,
    gate: EventGate
  ) {
    self.channel = channel
    self.admission = admission
    self.outbox = outbox
    plane = gate.plane
    calls = SocketCalls(
      answering: gate.answering, channel: channel.channel, logger: plane.environment.logger,
      room: admission.room.id.rawValue, origin: admission.origin, limit: plane.limits.socketAnswer)
  }

  /// Serves the socket until either side ends it.
  func run() async {
    let watch = channel.channel.eventLoop.scheduleRepeatedTask(
      initialDelay: .seconds(1), delay: .seconds(1), { _ in checkLife() })
    defer { watch.cancel() }
    do {
      try await channel.executeThenClose { inbound, _ in await outbox.finish(await serve(inbound)) }
    } catch {
      // The connection broke; there is nobody left to tell.
    }
  }

  /// Reads until the end; returns what to close with.
  private func serve(_ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>) async -> WebSocketErrorCode {
    var commands = EventCommands(room: admission.room, plane: plane, outbox: outbox, calls: calls)
    if let caller = admission.caller, let refusal = await commands.enter(as: caller) { return refusal }
    life.caller = commands.caller
    var code = WebSocketErrorCode.normalClosure
    do {
      for try await frame in inbound {
        life.heard()
        if let end = await receive(frame, &commands) {
          code = end
          break
        }
        life.caller = commands.caller
      }
    } catch let error as NIOWebSocketFrameAggregator.Error {
      code = error.isAboutSize ? .messageTooLarge : .protocolError
    } catch {
      code = .protocolError
    }
    await commands.leave()
    return code
  }

  private func receive(_ frame: WebSocketFrame, _ commands: inout EventCommands) async -> WebSocketErrorCode? {
    switch frame.opcode {
    case .text: return await commands.receive(frame.unmaskedData)
    case .ping: outbox.send(.frame(.pong, frame.unmaskedData))
    case .pong: break
    case .connectionClose: return .normalClosure
    case .binary: return .unacceptableData
    default: return .protocolError
    }
    return nil
  }

  /// Every second: pings, silence, missing or void token.
  private func checkLife() {
    switch life.caller.map(plane.identity.validity(of:)) {
    case .good?, nil: break
    case .signedOut?: return outbox.close(.unauthorized)
    case .banned?: return outbox.close(.removed)
    }
    switch life.check(plane.limits) {
    case .ping: outbox.send(.frame(.ping))
    case .silent:
      channel.channel.close(promise: nil)
    case .unknown: outbox.close(.unauthorized)
    case .fine: break
    }
  }
}

extension NIOWebSocketFrameAggregator.Error {
  /// Rather than about the order of fragments.
  fileprivate var isAboutSize: Bool {
    switch self {
    case .tooManyFragments, .accumulatedFrameSizeIsTooLarge, .nonFinalFragmentSizeIsTooSmall: true
    case .receivedNewFrameWithoutFinishingPrevious, .didReceiveFragmentBeforeReceivingTextOrBinaryFrame: false
    }
  }
}

/// When a socket was last heard of.
private final class Life: Sendable {
  enum Verdict { case fine, ping, silent, unknown }

  private struct State {
    let opened = ContinuousClock.now
    var heard = ContinuousClock.now
    var pinged = ContinuousClock.now
    var caller: Caller?
  }

  private let state = Mutex(State())

  /// Who it is, once that is known.
  var caller: Caller? {
    get { state.withLock { $0.caller } }
    set { state.withLock { $0.caller = newValue } }
  }

  func heard() { state.withLock { $0.heard = .now } }

  func check(_ limits: ServerLimits) -> Verdict {
    state.withLock { state in
      let now = ContinuousClock.now
      if state.caller == nil && now - state.opened > .seconds(limits.socketTokenDeadline) { return .unknown }
      if now - state.heard > .seconds(limits.socketSilence) { return .silent }
      guard now - state.pinged >= .seconds(limits.pingInterval) else { return .fine }
      state.pinged = now
      return .ping
    }
  }
}
