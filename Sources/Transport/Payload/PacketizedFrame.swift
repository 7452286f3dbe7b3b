public import MixCore

/// One encoded frame cut into RTP payloads once; every viewer's `SendStream` only puts its own header in front.
public struct PacketizedFrame: Sendable {
  /// All payloads, one behind the other; copies of the frame share them.
  public var bytes: [UInt8]
  /// Where each payload lies in `bytes`. The last one of a video frame carries the marker bit.
  public var packets: [Range<Int>]
  /// In units of the codec's RTP clock.
  public var timestamp: UInt32
  public var isKeyFrame: Bool
  /// On the local clock; what sender reports and abs-capture-time tell the viewer.
  public var captureTime: MediaTime?
  /// Where the newest packet begins in a payload that repeats earlier ones (RFC 2198); `nil` for all else.
  public var primaryOffset: Int?

  public init(
    bytes: [UInt8], packets: [Range<Int>], timestamp: UInt32, isKeyFrame: Bool, captureTime: MediaTime? = nil,
    primaryOffset: Int? = nil
  ) {
    self.bytes = bytes
    self.packets = packets
    self.timestamp = timestamp
    self.isKeyFrame = isKeyFrame
    self.captureTime = captureTime
    self.primaryOffset = primaryOffset
  }
}

enum PayloadLimits {
  /// No datagram exceeds 1200 bytes, which every path carries: what is left after the RTP header (12), our header
  /// extensions with the longest MID (44), the RTX sequence number (2) and the SRTP tag (16).
  static let maximum = 1200 - 12 - 44 - 2 - 16
}
