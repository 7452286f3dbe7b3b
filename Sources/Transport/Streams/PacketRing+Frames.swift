import MixCore

/// Where frames begin, and which of them are key frames, as far as the packets that are there tell.
extension PacketRing {
  /// Packets of parameter sets that a picture has in front at most.
  private static let mostParameters: Int64 = 16

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

  /// The first packet of the picture behind parameter sets, which may have a timestamp and a marker of their own.
  func pictureStart(from sequence: Int64) -> Int64 {
    var start = sequence
    while start &- sequence < Self.mostParameters, let packet = packet(start),
      packet.isPadding || packet.summary?.holdsOnlyParameters == true
    {
      start &+= 1
    }
    return start
  }

  /// The first of the parameter sets right in front of a frame, not before `limit`: from there `pictureStart` finds the
  /// frame.
  func parameterStart(before frame: Int64, notBefore limit: Int64) -> Int64 {
    var start = frame
    var candidate = frame &- 1
    while candidate >= limit, frame &- candidate <= Self.mostParameters, let earlier = packet(candidate) {
      if earlier.summary?.holdsOnlyParameters == true {
        start = candidate
      } else if !earlier.isPadding {
        break
      }
      candidate &-= 1
    }
    return start
  }

  /// What the packet, or one behind it in its frame, holds that one may begin to decode with.
  func decodingStart(from sequence: Int64, through newest: Int64) -> DecodingStart? {
    guard let first = packet(sequence) else { return nil }
    var found: DecodingStart?
    var candidate = sequence
    while candidate <= newest {
      if let packet = packet(candidate), !packet.isPadding {
        guard packet.timestamp == first.timestamp else { return found }
        if packet.summary?.isKeyFrame == true { return .keyPicture }
        if let frames = packet.summary?.recoveryFrames { found = .recoveryPoint(frames: frames) }
        if packet.marker { return found }
      }
      candidate &+= 1
    }
    return found
  }
}

enum DecodingStart: Equatable {
  /// A picture that needs no other.
  case keyPicture
  /// Pictures are right so many frames later.
  case recoveryPoint(frames: UInt16)

  var recoveryFrames: UInt16? {
    guard case .recoveryPoint(let frames) = self else { return nil }
    return frames
  }
}
