import MixCore
import Synchronization
import Transport

/// One client on its thread: socket, session and role, from the offer to the goodbye.
struct ClientLoop<Role: ClientRole & ~Copyable>: ~Copyable {
  private let socket: ClientSocket
  private let control: ClientControl
  private var session: RTCSession
  private var role: Role
  private var isConnected = false
  private var end: SyntheticClientError?
  private var nextReport = MediaTime.distantPast
  private let connectDeadline: MediaTime

  /// Datagrams read in one go before the clock is looked at again.
  private static var burst: Int { 64 }
  private static var connectTimeout: MediaTime { .seconds(15) }
  private static var reportInterval: MediaTime { .milliseconds(100) }

  init(
    role: consuming Role, control: ClientControl, localAddress: SocketAddress
  ) throws(SyntheticClientError) {
    let now = ClientClock.now()
    let socket = try ClientSocket(bind: localAddress)
    session = try Self.session(announcing: socket.localAddress, now: now)
    self.socket = socket
    self.role = role
    self.control = control
    connectDeadline = now + Self.connectTimeout
  }

  private static func session(
    announcing address: SocketAddress, now: MediaTime
  ) throws(SyntheticClientError) -> RTCSession {
    let identity = try ClientIdentity.shared.get()
    do throws(TransportError) {
      return try RTCSession(.init(role: .client, certificate: identity, hostCandidates: [address]), now: now)
    } catch {
      throw .transport(error)
    }
  }

  /// Runs until the client is stopped or its session ends; the reason, or `nil` after `stop`.
  mutating func run() -> SyntheticClientError? {
    do throws(NegotiationError) {
      let offer = role.edit(try session.offer(intents: role.intents))
      control.update { $0.offer = offer }
    } catch {
      return .negotiation(error)
    }
    while true {
      let state = control.current
      if state.isStopping { return stop(state) }
      if let answer = state.answer {
        do throws(NegotiationError) { try accept(answer) } catch { return .negotiation(error) }
      }
      turn(state)
      if let end { return end }
      socket.wait(
        until: min(session.nextDeadline, isConnected ? role.nextDeadline : connectDeadline), or: control.wakeup)
      control.clearWakeup()
    }
  }

  private mutating func accept(_ answer: String) throws(NegotiationError) {
    control.update { $0.answer = nil }
    session.advance(to: ClientClock.now())
    try session.accept(answer: answer)
  }

  private mutating func turn(_ state: ClientControl.State) {
    for _ in 0..<Self.burst {
      let now = ClientClock.now()
      let isMore = unsafe socket.receive { datagram, source in
        _ = unsafe session.receive(datagram, from: source, now: now)
      }
      guard isMore else { break }
      drainEvents(now)
    }
    let now = ClientClock.now()
    if session.nextDeadline <= now { session.advance(to: now) }
    drainEvents(now)
    if isConnected { role.advance(&session, control: state, now: now) }
    flush()
    reportStatistics(now)
    if !isConnected && now >= connectDeadline { end = .connectTimeout }
  }

  private mutating func drainEvents(_ now: MediaTime) {
    while let event = session.nextEvent() {
      switch event {
      case .connected:
        guard !isConnected else { continue }
        isConnected = true
        role.connected(session.media, now: now)
        control.update { $0.phase = .connected }
      case .closed(let reason): end = .closed(reason)
      case .disconnected: break
      case .videoFrame, .audioPacket, .keyFrameRequested: role.handle(event, now: now)
      }
    }
  }

  private mutating func reportStatistics(_ now: MediaTime) {
    guard now >= nextReport || end != nil else { return }
    nextReport = now + Self.reportInterval
    role.report(session.statistics)
  }

  private mutating func flush() {
    guard !session.transmits.isEmpty else { return }
    socket.send(session.transmits)
    session.transmits.removeAll()
  }

  private mutating func stop(_ state: ClientControl.State) -> SyntheticClientError? {
    if state.saysGoodbye {
      session.close(now: ClientClock.now())
      flush()
    }
    role.report(session.statistics)
    return nil
  }
}

/// The certificate all clients of this process share.
enum ClientIdentity {
  static let shared: Result<DTLSIdentity, SyntheticClientError> = {
    do throws(TransportError) {
      return .success(try DTLSIdentity())
    } catch {
      return .failure(.transport(error))
    }
  }()
}
