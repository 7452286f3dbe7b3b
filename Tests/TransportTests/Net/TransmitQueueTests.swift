import Testing

@testable import Transport

@Suite("Transmit queue")
struct TransmitQueueTests {
  let destination = SocketAddress(ipv4: (10, 0, 0, 1), port: 4000)

  func contents(_ queue: TransmitQueue) -> [[UInt8]] {
    queue.datagrams.map { Array(queue.bytes[$0.offset..<($0.offset + $0.length)]) }
  }

  @Test("datagrams keep their bytes and order, and memory is reused")
  func order() {
    var queue = TransmitQueue()
    for round in 0..<3 as Range<UInt8> {
      for size in 1...200 { queue.append(to: destination, [UInt8](repeating: round, count: size)) }
      #expect(contents(queue) == (1...200).map { [UInt8](repeating: round, count: $0) })
      let memory = queue.bytes.count
      queue.removeAll()
      #expect(queue.isEmpty)
      #expect(queue.bytes.count == memory)
    }
  }

  @Test("a writer that writes nothing adds no datagram")
  func nothing() {
    var queue = TransmitQueue()
    unsafe queue.append(to: destination, capacity: 100) { _ in 0 }
    unsafe queue.append(to: destination, capacity: 4) { _ in 5 }
    #expect(queue.isEmpty)
  }

  @Test("a full queue drops and counts")
  func bound() {
    var queue = TransmitQueue()
    for _ in 0..<(TransmitQueue.maximumDatagrams + 7) { queue.append(to: destination, [1]) }
    #expect(queue.datagrams.count == TransmitQueue.maximumDatagrams)
    #expect(queue.dropped == 7)
  }
}
