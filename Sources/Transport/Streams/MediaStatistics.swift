public import MixCore

/// Counters of one m-section since the session began.
public struct MediaStatistics: Sendable, Equatable {
  public var packetsReceived: UInt64 = 0
  public var bytesReceived: UInt64 = 0
  /// Expected but not received, after retransmission; may fall when late packets arrive.
  public var packetsLost: Int64 = 0
  public var packetsDuplicated: UInt64 = 0
  /// Of a payload type nobody negotiated, with a sequence number far off, or too large.
  public var packetsDiscarded: UInt64 = 0
  /// Recovered by retransmission.
  public var packetsRecovered: UInt64 = 0
  /// Interarrival jitter (RFC 3550 §6.4.1).
  public var jitter: MediaTime = .zero
  public var framesReceived: UInt64 = 0
  public var keyFramesReceived: UInt64 = 0
  /// Frames thrown away because a reference of theirs never came.
  public var framesDropped: UInt64 = 0
  /// Sequence numbers asked for again, and key frames asked for.
  public var nacksSent: UInt64 = 0
  public var keyFramesRequested: UInt64 = 0

  public var packetsSent: UInt64 = 0
  public var bytesSent: UInt64 = 0
  public var framesSent: UInt64 = 0
  /// Not sent as the path to the peer had no room for them.
  public var framesRefused: UInt64 = 0
  public var packetsRetransmitted: UInt64 = 0
  /// Asked for by the peer: sequence numbers, and key frames.
  public var nacksReceived: UInt64 = 0
  public var keyFrameRequestsReceived: UInt64 = 0
  /// Asked for but no longer kept, or beyond the retransmission budget.
  public var retransmissionsRefused: UInt64 = 0
  /// What the peer's last report said of our packets: share lost since the one before, 0…1.
  public var remoteFractionLost: Double = 0
  public var roundTripTime: MediaTime?

  public init() {}
}
