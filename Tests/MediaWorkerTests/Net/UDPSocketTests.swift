import Glibc
import Testing
import Transport

@testable import MediaWorker

@Suite("The media socket")
struct UDPSocketTests {
  private static let loopback = SocketAddress(ipv4: (127, 0, 0, 1), port: 0)

  /// What `socket` has received, sender and content.
  private func received(by socket: UDPSocket, _ answer: () -> Void = {}) -> [(source: SocketAddress, bytes: [UInt8])] {
    var datagrams: [(SocketAddress, [UInt8])] = []
    _ = unsafe socket.receive { bytes, source in
      unsafe datagrams.append((source, Array(bytes)))
      answer()
    }
    return datagrams
  }

  @Test("Datagrams of one batch keep senders and lengths while the first of them is answered by several")
  func answersWithinBatch() throws {
    let server = try UDPSocket(bind: Self.loopback)
    let peers = try (0..<3).map { _ in try UDPSocket(bind: Self.loopback) }
    let address = try #require(server.localAddress)
    let names = peers.compactMap(\.localAddress)
    let sent = (0..<12).map { number in [UInt8](repeating: UInt8(number), count: 100 + 37 * number) }
    for (number, content) in sent.enumerated() {
      var queue = TransmitQueue()
      queue.append(to: address, content)
      peers[number % 3].send(queue)
    }
    var answers = TransmitQueue()
    for number in 0..<8 { answers.append(to: names[2], [UInt8](repeating: 0xAA, count: 10 + number)) }

    let datagrams = received(by: server) { server.send(answers) }

    #expect(datagrams.map(\.bytes) == sent)
    #expect(datagrams.map(\.source) == sent.indices.map { names[$0 % 3] })
    #expect(received(by: peers[2]).count == UDPSocket.batch)
    #expect(server.sendFailures == 0)
  }

  @Test("Batch after batch is received as a whole, also after a shorter one, no datagram, and one that was cut")
  func laterBatches() throws {
    let (server, peer) = (try UDPSocket(bind: Self.loopback), try UDPSocket(bind: Self.loopback))
    let (address, name) = (try #require(server.localAddress), try #require(peer.localAddress))
    let batches: [[Int]] = [Array(repeating: 900, count: UDPSocket.batch), [3], [], [3_000, 7], Array(100..<132)]
    for lengths in batches {
      let sent = lengths.map { length in [UInt8](repeating: UInt8(length & 0xFF), count: length) }
      var queue = TransmitQueue()
      for content in sent { queue.append(to: address, content) }
      peer.send(queue)

      let datagrams = received(by: server)

      #expect(datagrams.map(\.bytes) == sent.map { Array($0.prefix(UDPSocket.slotSize)) })
      #expect(datagrams.map(\.source) == sent.map { _ in name })
    }
  }
}
