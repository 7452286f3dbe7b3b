import MixCore
import NetworkSimulation
import Synchronization
import Transport

@testable import SyntheticClient

/// A bad uplink on loopback: a client sends to the relay's port, whose datagrams reach the server as late as a simulated
/// network says; answers come back at once.
final class UplinkRelay: Sendable {
  let address: SocketAddress
  private let server: SocketAddress
  private let state: Mutex<(conditions: NetworkConditions, isStopping: Bool)>
  private let control = ClientControl()

  init(to server: SocketAddress, _ conditions: NetworkConditions) throws {
    self.server = server
    state = Mutex((conditions, false))
    let socket = try RelaySocket()
    address = socket.value.localAddress
    let (server, control) = (server, control)
    let conditionsNow: @Sendable () -> (NetworkConditions, Bool) = { [weak self] in
      self?.state.withLock { ($0.conditions, $0.isStopping) } ?? (.perfect, true)
    }
    try ClientThread.start("relay") {
      var relay = Relay(socket: socket.value, server: server, network: BadNetwork(seed: 4))
      while true {
        let (conditions, isStopping) = conditionsNow()
        if isStopping { return }
        relay.turn(conditions, or: control.wakeup)
      }
    }
  }

  func set(_ conditions: NetworkConditions) { state.withLock { $0.conditions = conditions } }
  func stop() { state.withLock { $0.isStopping = true } }

  /// Sends whoever follows `answer` to the relay instead of the server.
  func redirect(_ answer: String) -> String {
    answer.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("a=candidate") else { return String(line) }
      return String(line).replacing(" \(server.port) typ", with: " \(address.port) typ")
    }.joined(separator: "\r\n")
  }
}

/// Hands the socket to the thread, its only user from then on.
private final class RelaySocket: @unchecked Sendable {
  // @unchecked: read once here and then used by the relay's thread only.
  let value: ClientSocket

  init() throws { value = try ClientSocket(bind: SocketAddress(ipv4: (127, 0, 0, 1), port: 0)) }
}

private struct Relay {
  let socket: ClientSocket
  let server: SocketAddress
  var network: BadNetwork
  var client: SocketAddress?
  var queue = TransmitQueue()

  mutating func turn(_ conditions: NetworkConditions, or wakeup: Int32) {
    network.conditions = conditions
    socket.wait(until: min(network.nextArrival, ClientClock.now() + .milliseconds(100)), or: wakeup)
    var isMore = true
    while isMore {
      let now = ClientClock.now()
      isMore = unsafe socket.receive { bytes, source in
        let content = unsafe [UInt8](bytes)
        if source == server {
          if let client { queue.append(to: client, content) }
        } else {
          client = source
          network.send(.init(bytes: content, source: source, destination: server), now: now)
        }
      }
    }
    while let datagram = network.receive(by: ClientClock.now()) { queue.append(to: server, datagram.bytes) }
    socket.send(queue)
    queue.removeAll()
  }
}
