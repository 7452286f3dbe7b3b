public import MixCore

extension RTCSession {
  public var statistics: SessionStatistics {
    var statistics = counters
    statistics.datagramsSent = transmits.totalDatagrams
    statistics.bytesSent = transmits.totalBytes
    statistics.roundTripTime = transport.roundTripTime
    statistics.overflows = transmits.dropped &+ events.dropped &+ forwards.dropped
    return statistics
  }

  public mutating func setForwarding(_ isOn: Bool) { forwards.isEnabled = isOn }

  /// Sends one frame, packetised once for all viewers of its codec.
  public mutating func send(_ frame: borrowing PacketizedFrame, media: Int, now: MediaTime) {}

  /// Sends a packet another session received, as part of our own stream.
  public mutating func forward(
    _ packet: ForwardQueue.Packet, in queue: borrowing ForwardQueue, media: Int, now: MediaTime
  ) {}

  /// Asks the peer for a key frame.
  public mutating func requestKeyFrame(media: Int, now: MediaTime) {}

  mutating func receiveRTP(_ packet: UnsafeRawBufferPointer, now: MediaTime) -> ReceiveOutcome {
    .dropped(.unknownMedia)
  }

  mutating func receiveRTCP(_ packet: UnsafeRawBufferPointer, now: MediaTime) -> ReceiveOutcome { .accepted }
}
