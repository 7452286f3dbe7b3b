/// Writes RTCP packets one behind the other into a datagram.
///
/// A packet that does not fit is left out as a whole and the writer answers false.
@safe
struct RTCPWriter {
  private(set) var bytes: ByteWriter

  init(_ buffer: UnsafeMutableRawBufferPointer) { bytes = unsafe ByteWriter(buffer) }

  var length: Int { bytes.position }
  var remaining: Int { bytes.remaining }

  /// Writes the common header, lets `body` write the rest, then fills in the length in words minus one.
  private mutating func packet(
    _ type: UInt8, count: Int, _ body: (inout ByteWriter) -> Void
  ) -> Bool {
    let start = bytes.position
    bytes.uint8(0x80 | UInt8(truncatingIfNeeded: count & 0x1f))
    bytes.uint8(type)
    bytes.uint16(0)
    body(&bytes)
    bytes.pad(from: start)
    guard !bytes.overflowed else {
      bytes.rewind(to: start)
      return false
    }
    bytes.patch(UInt16(truncatingIfNeeded: (bytes.position &- start) / 4 &- 1), at: start &+ 2)
    return true
  }

  private mutating func feedback(
    _ type: UInt8, format: Int, sender: UInt32, media: UInt32, _ body: (inout ByteWriter) -> Void
  ) -> Bool {
    packet(type, count: format) {
      $0.uint32(sender)
      $0.uint32(media)
      body(&$0)
    }
  }

  mutating func senderReport(_ report: SenderReport, blocks: ArraySlice<ReportBlock>) -> Bool {
    packet(RTCPPacket.Kind.senderReport, count: min(blocks.count, 31)) {
      $0.uint32(report.ssrc)
      $0.uint64(report.ntp.rawValue)
      $0.uint32(report.timestamp)
      $0.uint32(report.packetCount)
      $0.uint32(report.octetCount)
      for block in blocks.prefix(31) { $0.write(block) }
    }
  }

  mutating func receiverReport(ssrc: UInt32, blocks: ArraySlice<ReportBlock>) -> Bool {
    packet(RTCPPacket.Kind.receiverReport, count: min(blocks.count, 31)) {
      $0.uint32(ssrc)
      for block in blocks.prefix(31) { $0.write(block) }
    }
  }

  mutating func canonicalName(_ name: String, of ssrc: UInt32) -> Bool {
    packet(RTCPPacket.Kind.sourceDescription, count: 1) {
      let text = name.utf8.prefix(255)
      $0.uint32(ssrc)
      $0.uint8(SourceDescriptions.canonicalName)
      $0.uint8(UInt8(truncatingIfNeeded: text.count))
      for byte in text { $0.uint8(byte) }
      $0.uint8(0)
    }
  }

  mutating func goodbye(_ sources: ArraySlice<UInt32>) -> Bool {
    packet(RTCPPacket.Kind.goodbye, count: min(sources.count, 31)) {
      for source in sources.prefix(31) { $0.uint32(source) }
    }
  }

  /// `sequences` in rising order; a number within 16 of the one before shares its entry.
  mutating func nack(_ sequences: ArraySlice<UInt16>, sender: UInt32, media: UInt32) -> Bool {
    feedback(RTCPPacket.Kind.transportFeedback, format: RTCPPacket.Format.nack, sender: sender, media: media) {
      guard var base = sequences.first else { return }
      var mask: UInt16 = 0
      for sequence in sequences.dropFirst() {
        let distance = sequence &- base
        if (1...16).contains(distance) {
          mask |= 1 << (distance &- 1)
          continue
        }
        $0.uint16(base)
        $0.uint16(mask)
        (base, mask) = (sequence, 0)
      }
      $0.uint16(base)
      $0.uint16(mask)
    }
  }

  mutating func pictureLoss(sender: UInt32, media: UInt32) -> Bool {
    feedback(
      RTCPPacket.Kind.payloadFeedback, format: RTCPPacket.Format.pictureLoss, sender: sender, media: media
    ) { _ in }
  }

  mutating func fullIntra(sender: UInt32, media: UInt32, commandSequence: UInt8) -> Bool {
    feedback(RTCPPacket.Kind.payloadFeedback, format: RTCPPacket.Format.fullIntra, sender: sender, media: 0) {
      $0.uint32(media)
      $0.uint8(commandSequence)
      $0.uint24(0)
    }
  }

  mutating func receiverEstimate(_ estimate: ReceiverEstimate, sender: UInt32, sources: ArraySlice<UInt32>) -> Bool {
    feedback(RTCPPacket.Kind.payloadFeedback, format: RTCPPacket.Format.applicationLayer, sender: sender, media: 0) {
      let sources = sources.prefix(255)
      $0.uint32(ReceiverEstimate.identifier)
      $0.uint8(UInt8(truncatingIfNeeded: sources.count))
      $0.uint24(estimate.packed)
      for source in sources { $0.uint32(source) }
    }
  }

  mutating func transportFeedback(sender: UInt32, media: UInt32, _ body: (inout ByteWriter) -> Void) -> Bool {
    feedback(
      RTCPPacket.Kind.transportFeedback, format: RTCPPacket.Format.transportWide, sender: sender, media: media, body)
  }

  /// An XR packet of at most two blocks; their lengths are in words behind the first.
  mutating func extendedReport(sender: UInt32, referenceTime: NTPTimestamp?, answer: ReferenceDelay?) -> Bool {
    packet(RTCPPacket.Kind.extendedReport, count: 0) {
      $0.uint32(sender)
      if let referenceTime {
        $0.uint32(UInt32(ExtendedReport.Kind.referenceTime) << 24 | 2)
        $0.uint64(referenceTime.rawValue)
      }
      if let answer {
        $0.uint32(UInt32(ExtendedReport.Kind.delays) << 24 | 3)
        $0.uint32(answer.ssrc)
        $0.uint32(answer.lastReference)
        $0.uint32(answer.delay)
      }
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ block: ReportBlock) {
    uint32(block.ssrc)
    uint8(block.fractionLost)
    uint24(UInt32(bitPattern: min(max(block.cumulativeLost, -0x80_0000), 0x7f_ffff)))
    uint32(block.highestSequence)
    uint32(block.jitter)
    uint32(block.lastReport)
    uint32(block.delaySinceLastReport)
  }
}
