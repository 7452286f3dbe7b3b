/// Media of one session that waits to be sent: audio until the next call at the latest, video until the pace allows.
struct Outbox: Sendable {
  enum Content: Sendable {
    case frame(PacketizedFrame)
    /// Its payload lies in the arena.
    case forwarded(ForwardQueue.Packet, Range<Int>)
  }

  struct Item: Sendable {
    /// Which of the session's send streams it is for.
    let sender: Int
    let content: Content
    /// The packet of a frame to be sent next.
    var next = 0
  }

  /// Only a driver that does not fetch what is to be sent meets these.
  private static let capacity = 1024
  private static let arenaCapacity = 2 << 20

  private var audio = Lane()
  private var video = Lane()
  private var arena: [UInt8] = []
  /// Of video, payloads only.
  private(set) var waitingBytes = 0

  var isEmpty: Bool { audio.isEmpty && video.isEmpty }
  var hasVideo: Bool { !video.isEmpty }

  var nextAudio: Item? { audio.first }
  var nextVideo: Item? { video.first }

  mutating func appendAudio(_ frame: PacketizedFrame, sender: Int) {
    guard audio.count < Self.capacity else { return }
    audio.append(Item(sender: sender, content: .frame(frame)))
  }

  mutating func appendVideo(_ frame: PacketizedFrame, sender: Int) {
    guard video.count < Self.capacity else { return }
    video.append(Item(sender: sender, content: .frame(frame)))
    waitingBytes += frame.bytes.count
  }

  mutating func append(_ packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, sender: Int) {
    guard video.count < Self.capacity, arena.count + payload.count <= Self.arenaCapacity else { return }
    let start = arena.count
    unsafe arena.append(contentsOf: payload)
    video.append(Item(sender: sender, content: .forwarded(packet, start..<arena.count)))
    waitingBytes += payload.count
  }

  func withPayload(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Int) -> Int {
    unsafe arena.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[range.clamped(to: 0..<$0.count)])) }
  }

  /// The next packet of the first item was written, or cannot be.
  mutating func advanceAudio() { audio.advance() }

  mutating func advanceVideo() {
    if let item = video.first { waitingBytes -= min(item.size, waitingBytes) }
    video.advance()
    forgetPayloads()
  }

  mutating func removeVideo() {
    video.removeAll()
    waitingBytes = 0
    forgetPayloads()
  }

  private mutating func forgetPayloads() { if video.isEmpty { arena.removeAll(keepingCapacity: true) } }

  /// First in, first out, in memory that is reused.
  private struct Lane: Sendable {
    private var items: [Item] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }
    var first: Item? { isEmpty ? nil : items[head] }

    mutating func append(_ item: Item) {
      if head > 64, head * 2 > items.count {
        items.removeFirst(head)
        head = 0
      }
      items.append(item)
    }

    mutating func advance() {
      guard !isEmpty else { return }
      items[head].next += 1
      guard items[head].next >= items[head].packets else { return }
      head += 1
      if isEmpty { removeAll() }
    }

    mutating func removeAll() {
      items.removeAll(keepingCapacity: true)
      head = 0
    }
  }
}

extension Outbox.Item {
  var packets: Int {
    switch content {
    case .frame(let frame): frame.packets.count
    case .forwarded: 1
    }
  }

  /// Of its next packet.
  var size: Int {
    switch content {
    case .frame(let frame): frame.packets.indices.contains(next) ? frame.packets[next].count : 0
    case .forwarded(_, let range): range.count
    }
  }
}
