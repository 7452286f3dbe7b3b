/// One packet of an RTCP compound; lists inside are views of the received bytes.
enum RTCPPacket {
  case senderReport(SenderReport, ReportBlocks)
  case receiverReport(ssrc: UInt32, ReportBlocks)
  case sourceDescription(SourceDescriptions)
  case goodbye(SourceList)
  case nack(media: UInt32, NackList)
  case pictureLoss(media: UInt32)
  case fullIntra(FullIntraList)
  case receiverEstimate(ReceiverEstimate)
  case transportFeedback(TransportFeedbackReport)
  case extendedReport(ExtendedReport)
  /// Of a type nobody needs here, or too short for what it claims to be.
  case other

  enum Kind {
    static let senderReport: UInt8 = 200
    static let receiverReport: UInt8 = 201
    static let sourceDescription: UInt8 = 202
    static let goodbye: UInt8 = 203
    /// RFC 4585 §6.1.
    static let transportFeedback: UInt8 = 205
    static let payloadFeedback: UInt8 = 206
    /// RFC 3611 §2.
    static let extendedReport: UInt8 = 207
  }

  /// The FMT field of feedback packets.
  enum Format {
    static let nack = 1
    static let transportWide = 15
    static let pictureLoss = 1
    static let fullIntra = 4
    static let applicationLayer = 15
  }

  init(type: UInt8, count: Int, body: UnsafeRawBufferPointer) {
    var reader = unsafe ByteReader(body)
    self =
      switch type {
      case Kind.senderReport: RTCPPacket.parseSenderReport(&reader, count: count)
      case Kind.receiverReport: RTCPPacket.parseReceiverReport(&reader, count: count)
      case Kind.sourceDescription: unsafe .sourceDescription(SourceDescriptions(body))
      case Kind.goodbye: unsafe .goodbye(SourceList(body, count: count))
      case Kind.transportFeedback, Kind.payloadFeedback:
        RTCPPacket.parseFeedback(&reader, isTransport: type == Kind.transportFeedback, format: count)
      case Kind.extendedReport: unsafe ExtendedReport(body).map(RTCPPacket.extendedReport) ?? .other
      default: .other
      }
  }

  private static func parseSenderReport(_ reader: inout ByteReader, count: Int) -> RTCPPacket {
    guard let ssrc = reader.uint32(), let ntp = reader.uint64(), let timestamp = reader.uint32(),
      let packets = reader.uint32(), let octets = reader.uint32()
    else { return .other }
    let report = SenderReport(
      ssrc: ssrc, ntp: NTPTimestamp(rawValue: ntp), timestamp: timestamp, packetCount: packets, octetCount: octets)
    return unsafe .senderReport(report, ReportBlocks(reader.rest(), count: count))
  }

  private static func parseReceiverReport(_ reader: inout ByteReader, count: Int) -> RTCPPacket {
    guard let ssrc = reader.uint32() else { return .other }
    return unsafe .receiverReport(ssrc: ssrc, ReportBlocks(reader.rest(), count: count))
  }

  private static func parseFeedback(_ reader: inout ByteReader, isTransport: Bool, format: Int) -> RTCPPacket {
    guard reader.uint32() != nil, let media = reader.uint32() else { return .other }
    switch (isTransport, format) {
    case (true, Format.nack): return unsafe .nack(media: media, NackList(reader.rest()))
    case (true, Format.transportWide):
      return unsafe TransportFeedbackReport(reader.rest()).map(RTCPPacket.transportFeedback) ?? .other
    case (false, Format.pictureLoss): return .pictureLoss(media: media)
    case (false, Format.fullIntra): return unsafe .fullIntra(FullIntraList(reader.rest()))
    case (false, Format.applicationLayer):
      return unsafe ReceiverEstimate(reader.rest()).map(RTCPPacket.receiverEstimate) ?? .other
    default: return .other
    }
  }
}
