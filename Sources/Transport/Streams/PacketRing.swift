import MixCore

/// The newest packets of a video stream by extended sequence number, in memory that is reserved once.
struct PacketRing: Sendable {
  /// A power of two.
  static let capacity: Int64 = 1024
  /// No datagram of a path with Ethernet's MTU carries more.
  static let maximumPayload = 1472

  struct Packet: Sendable {
    var sequence: Int64 = .min
    var timestamp: UInt32 = 0
    var marker = false
    /// 0 for padding, which belongs to no frame.
    var length = 0
    var arrival: MediaTime = .zero
    var captureTime: MediaTime = .zero
    var summary: PayloadSummary?

    var isPadding: Bool { length == 0 }
  }

  private var packets: [Packet]
  private var bytes: [UInt8]

  init() {
    packets = [Packet](repeating: Packet(), count: Int(Self.capacity))
    let size = Int(Self.capacity) * Self.maximumPayload
    // Left untouched, so that memory is taken from the system only as the stream needs it.
    bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { _, used in used = size }
  }

  private func slot(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence & (Self.capacity - 1)) }

  func packet(_ sequence: Int64) -> Packet? {
    let packet = packets[slot(sequence)]
    return packet.sequence == sequence ? packet : nil
  }

  func contains(_ sequence: Int64) -> Bool { packets[slot(sequence)].sequence == sequence }

  /// False if the payload is larger than any datagram's, or a newer packet stands in its place.
  mutating func store(_ packet: Packet, payload: UnsafeRawBufferPointer) -> Bool {
    let slot = slot(packet.sequence)
    guard payload.count <= Self.maximumPayload, packets[slot].sequence <= packet.sequence else { return false }
    packets[slot] = packet
    packets[slot].length = payload.count
    unsafe bytes.withUnsafeMutableBytes { buffer in
      let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.dropFirst(slot * Self.maximumPayload))
      unsafe target.copyMemory(from: payload)
    }
    return true
  }

  mutating func removeAll() {
    for index in packets.indices { packets[index].sequence = .min }
  }

  /// Calls `body` with the payload of each packet of `range` that is not padding, in order, until it answers false.
  func forEachPayload(in range: ClosedRange<Int64>, _ body: (Packet, UnsafeRawBufferPointer) -> Bool) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      for sequence in range {
        guard let packet = packet(sequence) else { return false }
        if packet.isPadding { continue }
        let start = slot(sequence) * Self.maximumPayload
        let payload = unsafe UnsafeRawBufferPointer(rebasing: buffer[start..<(start + packet.length)])
        guard unsafe body(packet, payload) else { return false }
      }
      return true
    }
  }

  /// Calls `body` with every packet of `range` that is there, padding too, in order.
  func forEachPacket(in range: ClosedRange<Int64>, _ body: (Packet, UnsafeRawBufferPointer) -> Void) {
    unsafe bytes.withUnsafeBytes { buffer in
      for sequence in range {
        guard let packet = packet(sequence) else { continue }
        let start = slot(sequence) * Self.maximumPayload
        unsafe body(packet, UnsafeRawBufferPointer(rebasing: buffer[start..<(start + packet.length)]))
      }
    }
  }
}
