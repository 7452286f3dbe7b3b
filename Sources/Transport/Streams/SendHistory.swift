import MixCore

/// The last packets of a send stream, kept for retransmission in bounded memory.
///
/// Payloads of packetised frames are shared with the frame, however many viewers keep them; forwarded ones are copied into
/// a ring of bytes that is made when the first one comes.
struct SendHistory: Sendable {
  struct Entry: Sendable {
    var sequence: UInt16
    var timestamp: UInt32
    var marker: Bool
    var payloadType: UInt8
    var audioLevel: UInt8?
    /// When it was first sent.
    var sent: MediaTime
    /// When it was last sent again.
    var lastRepeat = MediaTime.distantPast
    /// The peer has said that he misses it.
    fileprivate(set) var isMissed = false
    fileprivate var storage: Storage

    /// Of the payload.
    var length: Int {
      switch storage {
      case .shared(_, let range): range.count
      case .copied(_, let length): length
      }
    }
  }

  fileprivate enum Storage: Sendable {
    case shared([UInt8], Range<Int>)
    /// By its place in the endless stream of copied bytes.
    case copied(start: Int, length: Int)
  }

  private let arenaCapacity: Int
  private var entries: [Entry?]
  private var arena: [UInt8] = []
  private var written = 0

  /// `packets` is a power of two.
  init(packets: Int, arenaCapacity: Int) {
    entries = [Entry?](repeating: nil, count: packets)
    self.arenaCapacity = arenaCapacity
  }

  private func slot(_ sequence: UInt16) -> Int { Int(sequence) & (entries.count - 1) }

  mutating func keep(_ header: RTPHeader, sharing bytes: [UInt8], range: Range<Int>, now: MediaTime) {
    keep(header, .shared(bytes, range), now: now)
  }

  mutating func keep(_ header: RTPHeader, copying payload: UnsafeRawBufferPointer, now: MediaTime) {
    guard payload.count <= arenaCapacity / 4 else { return }
    if arena.isEmpty { arena = [UInt8](repeating: 0, count: arenaCapacity) }
    // A payload never spans the end: what is left there is skipped.
    let place = written % arenaCapacity
    if place + payload.count > arenaCapacity { written += arenaCapacity - place }
    let start = written
    unsafe arena.withUnsafeMutableBytes { buffer in
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(start % arenaCapacity)...])
      unsafe target.copyMemory(from: payload)
    }
    written += payload.count
    keep(header, .copied(start: start, length: payload.count), now: now)
  }

  private mutating func keep(_ header: RTPHeader, _ storage: Storage, now: MediaTime) {
    entries[slot(header.sequence)] = Entry(
      sequence: header.sequence, timestamp: header.timestamp, marker: header.marker,
      payloadType: header.payloadType, audioLevel: header.extensions.audioLevel, sent: now, storage: storage)
  }

  /// The packet, if it is still kept.
  func find(_ sequence: UInt16) -> Entry? {
    guard let entry = entries[slot(sequence)], entry.sequence == sequence else { return nil }
    if case .copied(let start, _) = entry.storage, start + arenaCapacity < written { return nil }
    return entry
  }

  mutating func noteRepeat(_ sequence: UInt16, now: MediaTime) { entries[slot(sequence)]?.lastRepeat = now }

  /// The peer misses the packet. Answers what was known of it until now.
  mutating func noteMissing(_ sequence: UInt16) -> Entry? {
    guard let entry = find(sequence) else { return nil }
    entries[slot(sequence)]?.isMissed = true
    return entry
  }

  func copyPayload(of entry: Entry, into writer: inout ByteWriter) {
    switch entry.storage {
    case .shared(let bytes, let range):
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe writer.copy(UnsafeRawBufferPointer(rebasing: buffer[range.clamped(to: 0..<buffer.count)]))
      }
    case .copied(let start, let length):
      let place = start % arenaCapacity
      unsafe arena.withUnsafeBytes { buffer in
        unsafe writer.copy(UnsafeRawBufferPointer(rebasing: buffer[place..<(place + length)]))
      }
    }
  }
}
