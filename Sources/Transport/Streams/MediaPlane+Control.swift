import MixCore

/// The RTCP a session sends.
extension MediaPlane {
  /// Writes one RTCP datagram that is due; 0 when none is left.
  mutating func writeControl(into buffer: UnsafeMutableRawBufferPointer, now: MediaTime) -> Int {
    var writer = unsafe RTCPWriter(buffer)
    if schedule.takeDue(now: now) {
      writeReports(into: &writer, now: now)
      return writer.length
    }
    // Feedback travels behind an empty report (RFC 3550 §6.1), which every peer understands.
    guard writer.receiverReport(ssrc: senderSSRC, blocks: []) else { return 0 }
    let empty = writer.length
    for index in receivers.indices where receivers[index].feedbackDeadline <= now {
      receivers[index].writeFeedback(into: &writer, sender: senderSSRC, now: now)
    }
    if transportReceiver.nextDeadline <= now, writer.length == empty {
      transportReceiver.writeFeedback(into: &writer, sender: senderSSRC)
    }
    if writer.length == empty { writeEstimate(into: &writer, now: now) }
    return writer.length > empty ? writer.length : 0
  }

  /// Only peers that agreed to it are told, and those with transport-wide feedback find it out better themselves.
  private mutating func writeEstimate(into writer: inout RTCPWriter, now: MediaTime) {
    guard let bitrate = transportReceiver.takeEstimate(now: now),
      receivers.contains(where: { $0.media.feedback.contains(.receiverEstimate) })
    else { return }
    let sources = receivers.compactMap { $0.media.kind == .video ? $0.remoteSSRC : nil }
    _ = writer.receiverEstimate(ReceiverEstimate(bitrate: bitrate), sender: senderSSRC, sources: sources[...])
  }

  private mutating func writeReports(into writer: inout RTCPWriter, now: MediaTime) {
    blocks.removeAll(keepingCapacity: true)
    for index in receivers.indices {
      if let block = receivers[index].makeReportBlock(now: now) { blocks.append(block) }
    }
    var wroteBlocks = false
    for index in senders.indices {
      guard let report = senders[index].makeSenderReport(now: now) else { continue }
      if writer.senderReport(report, blocks: wroteBlocks ? [] : blocks.prefix(31)) { wroteBlocks = true }
    }
    if !wroteBlocks { _ = writer.receiverReport(ssrc: senderSSRC, blocks: blocks.prefix(31)) }
    _ = writer.canonicalName(cname, of: senderSSRC)
    writeRoundTripBlocks(into: &writer, now: now)
  }

  /// Writes the last RTCP datagram of the session.
  mutating func writeGoodbye(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var writer = unsafe RTCPWriter(buffer)
    _ = writer.receiverReport(ssrc: senderSSRC, blocks: [])
    _ = writer.goodbye(senders.isEmpty ? [senderSSRC] : senders.map(\.ssrc)[...])
    return writer.length
  }
}
