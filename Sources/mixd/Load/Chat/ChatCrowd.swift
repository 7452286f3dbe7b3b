import Foundation
import NIOCore
import NIOPosix

/// Many users with an events socket each, all in one room and on one event loop.
struct ChatCrowd {
  private struct Room: Decodable { var id: String }

  let room: String
  private let base: URL
  private let host: APIClient
  private let group: MultiThreadedEventLoopGroup
  private let tally: NIOLoopBound<ChatTally>
  private let channels: [any Channel]
  private let deaf: [any Channel]

  static func gather(at base: URL, room: String?, sockets: Int, deaf: Int) async throws -> ChatCrowd {
    let host = try await APIClient.signIn(base: base, name: "Crowd host")
    let id: String
    if let room {
      id = room
    } else {
      let made: Room = try await host.send("POST", "api/v1/rooms", json: ["title": "Crowd"])
      id = made.id
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let (tally, unused) = (try await ChatTally.make(on: loop), try await ChatTally.make(on: loop))
    let door = ChatDoor(base: base, room: id, loop: loop, tally: tally)
    let sideDoor = ChatDoor(base: base, room: id, loop: loop, tally: unused)
    return ChatCrowd(
      room: id, base: base, host: host, group: group, tally: tally,
      channels: try await door.open(sockets, reads: true), deaf: try await sideDoor.open(deaf, reads: false))
  }

  /// Sends `rate` messages a second, from one user after the other.
  func talk(rate: Int, seconds: Int) async -> ChatLoadReport {
    let start = NIODeadline.now() + .milliseconds(500)
    for channel in deaf {
      // Only what it leaves unread speaks against it.
      channel.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(5), delay: .seconds(5)) { task in
        if !channel.isActive { return task.cancel() }
        channel.writeAndFlush(ChatSocket.masked(10, ByteBuffer()), promise: nil)
      }
    }
    // Nobody may write more than once a second.
    let speakers = min(channels.count, rate * 3)
    for number in 0..<(rate * seconds) {
      let due = start + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(rate))
      let channel = channels[(number % speakers) * channels.count / speakers]
      channel.eventLoop.scheduleTask(deadline: due) {
        let stamp = "@\(ChatTally.now())@"
        let text = "\(stamp) message \(number) of a crowd that has a lot to say"
        let command = #"{"type":"chat","ref":"\#(stamp)","text":"\#(text)"}"#
        channel.writeAndFlush(ChatSocket.masked(1, ByteBuffer(string: command)), promise: nil)
      }
    }
    try? await Task.sleep(for: .seconds(Double(seconds) + 2.5))
    return await report(sent: rate * seconds)
  }

  private func report(sent: Int) async -> ChatLoadReport {
    let (tally, sockets) = (tally, channels.count)
    let report = try? await group.next().submit {
      let seen = tally.value
      let taken = sent - seen.refused
      return ChatLoadReport(
        sockets: sockets, sent: sent, refused: seen.refused, lost: seen.lost, delivery: .init(seen.delivery),
        acknowledgement: .init(seen.acknowledgement), missing: taken * sockets - seen.delivery.count)
    }.get()
    return report
      ?? ChatLoadReport(
        sockets: sockets, sent: sent, refused: 0, lost: sockets, delivery: .init(Histogram()),
        acknowledgement: .init(Histogram()), missing: sent * sockets)
  }

  /// What the server says about slow readers.
  func slowSockets() async throws -> Int? {
    let text = String(decoding: try await host.exchange("GET", "metrics"), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("mixd_event_sockets_slow_total ") }
    return line.flatMap { $0.split(separator: " ").last.flatMap { Int($0) } }
  }

  func leave() async {
    for channel in channels + deaf { channel.close(promise: nil) }
    _ = try? await host.exchange("DELETE", "api/v1/rooms/\(room)")
    try? await group.shutdownGracefully()
  }
}

/// Lets users into one room, some at a time.
struct ChatDoor {
  let base: URL
  let room: String
  let loop: any EventLoop
  let tally: NIOLoopBound<ChatTally>

  func open(_ count: Int, reads: Bool) async throws -> [any Channel] {
    try await withThrowingTaskGroup(of: (any Channel).self) { tasks in
      var channels: [any Channel] = []
      for number in 0..<count {
        if number >= 32, let channel = try await tasks.next() { channels.append(channel) }
        tasks.addTask { try await enter(number, reads: reads) }
      }
      for try await channel in tasks { channels.append(channel) }
      return channels
    }
  }

  private func enter(_ number: Int, reads: Bool) async throws -> any Channel {
    let user = try await APIClient.signIn(base: base, name: "Viewer \(number)")
    let (host, port) = (base.host() ?? "127.0.0.1", base.port ?? 80)
    let request = """
      GET /api/v1/rooms/\(room)/events?token=\(user.token ?? "") HTTP/1.1\r
      Host: \(host):\(port)\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      \r

      """
    let entered = loop.makePromise(of: Void.self)
    let tally = tally
    var bootstrap = ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ChatSocket(request: request, entered: entered, tally: tally.value))
        }
      }
    // A server limits the sockets of one address; a loopback interface has many.
    if host.hasPrefix("127.") {
      bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: "127.0.1.\(1 + number / 250)", port: 0))
    }
    if !reads {
      bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4096)
    }
    let channel = try await bootstrap.connect(host: host, port: port).get()
    try await entered.futureResult.get()
    if !reads { try await channel.setOption(.autoRead, value: false).get() }
    return channel
  }
}
