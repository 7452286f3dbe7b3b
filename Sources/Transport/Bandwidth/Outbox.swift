/// Media of one session that waits to be sent: audio until the next call at the latest, video until the pace allows.
struct Outbox: Sendable {
  enum Content: Sendable {
    case frame(PacketizedFrame)
    /// By its number among the forwarded packets since none waited.
    case forwarded(Int)
  }

  struct Item: Sendable {
    /// Which of the session's send streams it is for.
    let sender: Int
    let content: Content
    /// Of a frame's packets; the bytes of each on average.
    let packets: Int
    let size: Int
    /// The packet to be sent next.
    var next = 0
  }

  struct Forwarded: Sendable {
    let packet: ForwardQueue.Packet
    /// Where its payload lies, counted from the first one since the arena was empty.
    let range: Range<Int>
  }

  private struct KeyFrame: Sendable {
    let sender: Int
    let timestamp: UInt32
    var bytes: Int
  }

  /// Only a driver that does not fetch what is to be sent meets these.
  private static let capacity = 1024
  private static let arenaCapacity = 2 << 20

  private var audio = Lane()
  private var video = Lane()
  private var forwarded: [Forwarded] = []
  private var arena: [UInt8] = []
  /// Forwarded packets that have left, and those and their bytes whose memory was taken back.
  private var left = 0
  private var reclaimed = (packets: 0, bytes: 0)
  /// Of video, payloads only.
  private(set) var waitingBytes = 0
  /// The last one of each stream, as far as it had to wait.
  private var keyFrames: [KeyFrame] = []
  /// What key frames have brought into the queue since it was empty: so much more than usual may wait on their account.
  var keyFrameBytes: Int { keyFrames.reduce(0) { $0 + $1.bytes } }

  var isEmpty: Bool { audio.isEmpty && video.isEmpty }
  var hasVideo: Bool { !video.isEmpty }

  var nextAudio: Item? { audio.first }
  var nextVideo: Item? { video.first }

  mutating func appendAudio(_ frame: PacketizedFrame, sender: Int) {
    guard audio.count < Self.capacity else { return }
    audio.append(Self.item(frame, sender: sender))
  }

  mutating func appendVideo(_ frame: PacketizedFrame, sender: Int) {
    guard video.count < Self.capacity, !frame.packets.isEmpty else { return }
    let item = Self.item(frame, sender: sender)
    video.append(item)
    waitingBytes += item.size * item.packets
    if frame.isKeyFrame { noteKeyFrame(item.size * item.packets, timestamp: frame.timestamp, sender: sender) }
  }

  private static func item(_ frame: PacketizedFrame, sender: Int) -> Item {
    let packets = frame.packets.count
    return Item(sender: sender, content: .frame(frame), packets: packets, size: frame.bytes.count / max(packets, 1))
  }

  /// False if there is no room.
  /// - Parameter isKeyFrame: the packet is of one, wherever in it.
  mutating func append(
    _ packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, sender: Int, isKeyFrame: Bool
  ) -> Bool {
    if arena.count + payload.count > Self.arenaCapacity { reclaim() }
    guard video.count < Self.capacity, arena.count + payload.count <= Self.arenaCapacity else { return false }
    let start = reclaimed.bytes + arena.count
    unsafe arena.append(contentsOf: payload)
    let number = reclaimed.packets + forwarded.count
    video.append(Item(sender: sender, content: .forwarded(number), packets: 1, size: payload.count))
    forwarded.append(Forwarded(packet: packet, range: start..<(start + payload.count)))
    waitingBytes += payload.count
    if isKeyFrame { noteKeyFrame(payload.count, timestamp: packet.timestamp, sender: sender) }
    return true
  }

  /// Where something always waits, what has left is forgotten too.
  private mutating func reclaim() {
    let packets = left - reclaimed.packets
    guard packets > 0, let next = forwarded.dropFirst(packets).first else { return }
    let bytes = next.range.lowerBound - reclaimed.bytes
    arena.removeFirst(bytes)
    forwarded.removeFirst(packets)
    reclaimed = (left, reclaimed.bytes + bytes)
  }

  private mutating func noteKeyFrame(_ bytes: Int, timestamp: UInt32, sender: Int) {
    guard let index = keyFrames.firstIndex(where: { $0.sender == sender }) else {
      keyFrames.append(KeyFrame(sender: sender, timestamp: timestamp, bytes: bytes))
      return
    }
    let isSame = keyFrames[index].timestamp == timestamp
    let known = isSame ? keyFrames[index].bytes : 0
    keyFrames[index] = KeyFrame(sender: sender, timestamp: timestamp, bytes: known + bytes)
  }

  func withForwarded(_ index: Int, _ body: (ForwardQueue.Packet, UnsafeRawBufferPointer) -> Int) -> Int {
    let entry = forwarded[index - reclaimed.packets]
    let (start, end) = (entry.range.lowerBound - reclaimed.bytes, entry.range.upperBound - reclaimed.bytes)
    return unsafe arena.withUnsafeBytes { unsafe body(entry.packet, UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  /// The next packet of the first item was written, or cannot be.
  mutating func advanceAudio() { _ = audio.advance() }

  mutating func advanceVideo() {
    if case .forwarded(let number)? = video.first?.content { left = number + 1 }
    waitingBytes -= min(video.advance(), waitingBytes)
    forgetWhatLeft()
  }

  mutating func removeVideo() {
    video.removeAll()
    waitingBytes = 0
    forgetWhatLeft()
  }

  private mutating func forgetWhatLeft() {
    guard video.isEmpty else { return }
    keyFrames.removeAll(keepingCapacity: true)
    guard !forwarded.isEmpty else { return }
    forwarded.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
    (left, reclaimed) = (0, (0, 0))
  }

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

    /// Answers the size of the packet that is passed over.
    mutating func advance() -> Int {
      guard !isEmpty else { return 0 }
      let size = items[head].size
      items[head].next += 1
      if items[head].next >= items[head].packets {
        head += 1
        if isEmpty { removeAll() }
      }
      return size
    }

    mutating func removeAll() {
      items.removeAll(keepingCapacity: true)
      head = 0
    }
  }
}
