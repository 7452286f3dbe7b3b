import MixCore

/// Where frames begin, and which of them are key frames, as far as the packets that are there tell.
extension PacketRing {
  /// True if the packet is certainly the first of its frame: it says so, or the one before it ends another frame.
  func startsFrame(_ sequence: Int64, codec: VideoCodec) -> Bool {
    guard let packet = packet(sequence) else { return false }
    if packet.summary?.startsFrame == true { return true }
    guard codec == .h264, let before = self.packet(sequence &- 1) else { return false }
    return before.marker || before.timestamp != packet.timestamp
  }

  /// The first packet of the frame that `sequence` is of, not before `limit`; `nil` while none is certain to be it.
  func frameStart(of sequence: Int64, notBefore limit: Int64, codec: VideoCodec) -> Int64? {
    guard let packet = packet(sequence) else { return nil }
    var start = startsFrame(sequence, codec: codec) ? sequence : nil
    var candidate = sequence &- 1
    while candidate >= limit {
      if let earlier = self.packet(candidate), !earlier.isPadding {
        guard earlier.timestamp == packet.timestamp, !earlier.marker else { break }
        if startsFrame(candidate, codec: codec) { start = candidate }
      }
      candidate &-= 1
    }
    return start
  }

  /// True if the packet, or one behind it in its frame, holds a picture that needs no other.
  func holdsKeyPicture(from sequence: Int64, through newest: Int64) -> Bool {
    holds(from: sequence, through: newest) { $0.isKeyFrame }
  }

  /// True if the packet, or one behind it in its frame, names a recovery point.
  func holdsRecoveryPoint(from sequence: Int64, through newest: Int64) -> Bool {
    holds(from: sequence, through: newest) { $0.holdsRecoveryPoint }
  }

  private func holds(from sequence: Int64, through newest: Int64, _ condition: (PayloadSummary) -> Bool) -> Bool {
    guard let first = packet(sequence) else { return false }
    var candidate = sequence
    while candidate <= newest {
      if let packet = packet(candidate), !packet.isPadding {
        guard packet.timestamp == first.timestamp else { return false }
        if let summary = packet.summary, condition(summary) { return true }
        if packet.marker { return false }
      }
      candidate &+= 1
    }
    return false
  }
}
