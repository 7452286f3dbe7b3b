import MixCore

/// Frames and forwarded packets on their way out.
extension MediaPlane {
  /// Writes one RTP packet of `frame`; answers its length, 0 if there is none. Any buffer of 1500 bytes is enough.
  mutating func write(
    packet: Int, of frame: borrowing PacketizedFrame, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    return unsafe senders[index].write(
      packet: packet, of: frame, now: now, transport: &transportSender, into: buffer)
  }

  /// Writes one RTP packet that came from another session; answers its length.
  mutating func write(
    forwarded packet: ForwardQueue.Packet, payload: UnsafeRawBufferPointer, media: Int, now: MediaTime,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let index = sender(of: media) else { return 0 }
    schedule.start(now: now)
    return unsafe senders[index].write(
      forwarded: packet, payload: payload, now: now, transport: &transportSender, into: buffer)
  }

  /// Writes the next packet the peer asked for again; 0 when none is left.
  mutating func writeRetransmission(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    for index in senders.indices where senders[index].hasPendingRetransmissions {
      let length = unsafe senders[index].writeRetransmission(now: now, transport: &transportSender, into: buffer)
      if length > 0 { return length }
    }
    return 0
  }
}
