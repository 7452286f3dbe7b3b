/// What a session tells its driver.
public enum RTCEvent: Sendable {
  /// Media can flow: a pair is nominated, the peer's certificate is the announced one, keys are agreed. Also sent when a
  /// peer that was silent is heard again.
  case connected
  /// Nothing authentic was heard for 5 s; the session goes on for as long as consent lasts.
  case disconnected
  /// The end; nothing follows.
  case closed(CloseReason)
  case videoFrame(media: Int, ReceivedVideoFrame)
  case audioPacket(media: Int, ReceivedAudioPacket)
  /// The peer asks for a key frame of what we send.
  case keyFrameRequested(media: Int)
}

/// What became of one received datagram.
public enum ReceiveOutcome: Sendable, Equatable {
  case accepted
  /// A STUN check with valid credentials: the driver may take its source as an address of this session.
  case authenticated
  case dropped(DropReason)
}

/// Events until the driver takes them.
struct EventQueue {
  private var events: [RTCEvent] = []
  private var head = 0
  /// Media thrown away because nobody took it.
  private(set) var dropped: UInt64 = 0

  /// Far more than one input can produce; only a driver that forgets to drain meets it.
  private static let capacity = 4096

  mutating func append(_ event: RTCEvent) {
    if events.count - head >= Self.capacity, event.isMedia {
      dropped &+= 1
    } else {
      events.append(event)
    }
  }

  mutating func next() -> RTCEvent? {
    guard head < events.count else { return nil }
    defer {
      head += 1
      if head == events.count {
        events.removeAll(keepingCapacity: true)
        head = 0
      }
    }
    return events[head]
  }
}

extension RTCEvent {
  fileprivate var isMedia: Bool {
    switch self {
    case .videoFrame, .audioPacket, .keyFrameRequested: true
    case .connected, .disconnected, .closed: false
    }
  }
}
