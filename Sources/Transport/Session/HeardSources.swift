/// The last sources (SSRC) whose packets were authentic: by them a peer is found that sends from an address nobody knows.
struct HeardSources {
  /// Sound, pictures in three layers, their repairs, and the sender of reports.
  private static let capacity = 12

  private(set) var recent: [UInt32] = []
  private var oldest = 0

  mutating func insert(_ source: UInt32?) {
    guard let source, !recent.contains(source) else { return }
    if recent.count < Self.capacity {
      recent.append(source)
    } else {
      recent[oldest] = source
      oldest = (oldest + 1) % Self.capacity
    }
  }

  /// The SSRC of an RTP packet, or of the sender of an RTCP packet; both are sent in the clear (RFC 3711 §3.1, §3.4).
  static func source(of datagram: UnsafeRawBufferPointer, isRTCP: Bool) -> UInt32? {
    let offset = isRTCP ? 4 : 8
    guard datagram.count >= offset + 4 else { return nil }
    return unsafe Span<UInt8>(_unsafeBytes: datagram).bigEndian32(at: offset)
  }
}
