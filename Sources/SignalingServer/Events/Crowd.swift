import NIOCore

/// The events sockets of one room by event loop: what all of them are told is one task for each loop.
struct Crowd: Sendable {
  private struct Group: Sendable {
    let loop: any EventLoop
    var writers: [Int: NIOLoopBound<FrameWriter>] = [:]
  }

  private var groups: [ObjectIdentifier: Group] = [:]

  mutating func add(_ socket: Int, _ outbox: Outbox) {
    let key = ObjectIdentifier(outbox.eventLoop)
    groups[key, default: Group(loop: outbox.eventLoop)].writers[socket] = outbox.writer
  }

  mutating func remove(_ socket: Int, _ outbox: Outbox) {
    groups[ObjectIdentifier(outbox.eventLoop)]?.writers[socket] = nil
  }

  func send(_ frames: ByteBuffer, except others: Set<Int> = []) {
    for group in groups.values {
      group.loop.execute { [writers = group.writers] in
        for (socket, writer) in writers where !others.contains(socket) { writer.value.send(frames) }
      }
    }
  }
}
