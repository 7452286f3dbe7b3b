public import MixCore

/// Counters of one session since it began.
public struct SessionStatistics: Sendable {
  public var datagramsReceived: UInt64 = 0
  public var bytesReceived: UInt64 = 0
  public var datagramsSent: UInt64 = 0
  public var bytesSent: UInt64 = 0
  public var drops = DropCounters()
  /// Outgoing datagrams and events nobody took in time.
  public var overflows: UInt64 = 0
  /// From ICE checks of ours, else from reports of the peer.
  public var roundTripTime: MediaTime?
  /// In the order of `RTCSession.media`.
  public var media: [MediaStatistics] = []
}
