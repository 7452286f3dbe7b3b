import MixCore
import Testing

@testable import Transport

/// Runs `body` on a writer over `capacity` bytes and answers what was written.
func writeRTCP(capacity: Int = 1200, _ body: (inout RTCPWriter) -> Void) -> [UInt8] {
  var bytes = [UInt8](repeating: 0xee, count: capacity)
  let length = unsafe bytes.withUnsafeMutableBytes { buffer in
    var writer = unsafe RTCPWriter(buffer)
    body(&writer)
    return writer.length
  }
  return Array(bytes.prefix(length))
}

private func describe(_ block: ExtendedReport.Block) -> String {
  switch block {
  case .referenceTime(let time): "rrtr \(time.rawValue)"
  case .delay(let delay): "dlrr \(delay.ssrc) \(delay.lastReference) \(delay.delay)"
  }
}

/// Every packet of the compound as text, all its lists walked to the end.
func describeRTCP(_ bytes: [UInt8]) -> [String] {
  unsafe bytes.withUnsafeBytes { buffer in
    unsafe RTCPCompound(buffer).map { packet in
      switch packet {
      case .senderReport(let report, let blocks):
        "sr \(report.ssrc) \(report.timestamp) \(report.packetCount) \(blocks.map(\.ssrc))"
      case .receiverReport(let ssrc, let blocks): "rr \(ssrc) \(blocks.map { "\($0.ssrc):\($0.cumulativeLost)" })"
      case .sourceDescription(let items): "sdes \(items.map { "\($0.ssrc)=\($0.text)" })"
      case .goodbye(let list): "bye \(Array(list))"
      case .nack(let media, let list): "nack \(media) \(Array(list))"
      case .pictureLoss(let media): "pli \(media)"
      case .fullIntra(let list): "fir \(list.map { "\($0.ssrc)#\($0.commandSequence)" })"
      case .receiverEstimate(let estimate): "remb \(estimate.bitrate)"
      case .transportFeedback(let report):
        "twcc \(report.baseSequence) \(report.map { $0.arrival.map { "\($0.nanoseconds / 250_000)" } ?? "-" })"
      case .extendedReport(let report): "xr \(report.sender) \(report.map(describe))"
      case .other: "other"
      }
    }
  }
}

@Suite("RTCP")
struct RTCPTests {
  static let block = ReportBlock(
    ssrc: 7, fractionLost: 3, cumulativeLost: -2, highestSequence: 70_000, jitter: 5, lastReport: 6,
    delaySinceLastReport: 8)

  /// One compound with a packet of every kind.
  static let everything = writeRTCP {
    _ = $0.senderReport(
      SenderReport(ssrc: 1, ntp: NTPTimestamp(rawValue: 99), timestamp: 2, packetCount: 3, octetCount: 4),
      blocks: [block, block])
    _ = $0.receiverReport(ssrc: 5, blocks: [block])
    _ = $0.canonicalName("somebody", of: 1)
    _ = $0.nack([65_534, 65_535, 0, 14, 15, 40], sender: 1, media: 9)
    _ = $0.pictureLoss(sender: 1, media: 10)
    _ = $0.fullIntra(sender: 1, media: 11, commandSequence: 200)
    _ = $0.receiverEstimate(ReceiverEstimate(bitrate: 2_500_000), sender: 1, sources: [9, 10])
    _ = $0.goodbye([1, 2])
    _ = $0.extendedReport(
      sender: 3, referenceTime: NTPTimestamp(rawValue: 1 << 40),
      answer: ReferenceDelay(ssrc: 4, lastReference: 5, delay: 6))
  }

  @Test("Every kind of packet is read as it was written")
  func roundTrip() {
    let expected = [
      "sr 1 2 3 [7, 7]", #"rr 5 ["7:-2"]"#, #"sdes ["1=somebody"]"#, "nack 9 [65534, 65535, 0, 14, 15, 40]", "pli 10",
      #"fir ["11#200"]"#, "remb 2500000", "bye [1, 2]",
      #"xr 3 ["rrtr 1099511627776", "dlrr 4 5 6"]"#,
    ]
    #expect(describeRTCP(Self.everything) == expected)
  }

  @Test("Report blocks keep all their fields")
  func blocks() {
    let bytes = writeRTCP { _ = $0.receiverReport(ssrc: 5, blocks: [Self.block]) }
    unsafe bytes.withUnsafeBytes { buffer in
      for packet in unsafe RTCPCompound(buffer) {
        guard case .receiverReport(_, let blocks) = packet else { continue }
        #expect(Array(blocks) == [Self.block])
      }
    }
  }

  @Test("A NACK of RFC 4585 form: one number and a mask of the next sixteen")
  func publishedNack() {
    // PID 0x1234, BLP with bits 0, 2 and 15.
    let bytes: [UInt8] = [0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0x12, 0x34, 0x80, 0x05]
    #expect(describeRTCP(bytes) == ["nack 2 [4660, 4661, 4663, 4676]"])
  }

  @Test("Sequence numbers within sixteen share one entry")
  func compactNack() {
    let bytes = writeRTCP { _ = $0.nack([10, 26, 27], sender: 1, media: 2) }
    #expect(bytes.count == 12 + 2 * 4)
  }

  @Test("Transport feedback with runs, both kinds of vectors, small, large and negative deltas")
  func feedbackLayout() {
    // Base 100, 24 packets, reference 2 × 64 ms. Chunks: a run of 3 received, a one-bit vector with bits 1 and 14, a
    // two-bit vector small, none, large, none …
    let body: [UInt8] = [
      0, 100, 0, 24, 0, 0, 2, 9, 0x20, 0x03, 0xa0, 0x01, 0xd2, 0x00,
      4, 4, 4, 8, 8, 12, 0xff, 0xfc,
    ]
    let bytes: [UInt8] = [0x8f, 205, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2] + body + [0, 0]
    let absent = [String](repeating: #""-""#, count: 12).joined(separator: ", ")
    #expect(
      describeRTCP(bytes) == [
        #"twcc 100 ["516", "520", "524", "532", "# + absent + #", "540", "552", "-", "548", "-", "-", "-", "-"]"#
      ])
  }

  @Test("A bitrate beyond 64 bits is saturated, none at all is zero")
  func estimates() {
    for bitrate: UInt64 in [0, 1, 262_143, 262_144, 300_000, 5_000_000_000, .max] {
      let bytes = writeRTCP { _ = $0.receiverEstimate(ReceiverEstimate(bitrate: bitrate), sender: 1, sources: []) }
      var read: UInt64 = 1
      unsafe bytes.withUnsafeBytes { buffer in
        for case .receiverEstimate(let estimate) in unsafe RTCPCompound(buffer) { read = estimate.bitrate }
      }
      #expect(read <= bitrate && read >= bitrate - bitrate / 100_000, "\(bitrate) \(read)")
    }
    // Exponent 63.
    let bytes: [UInt8] = [0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0x52, 0x45, 0x4d, 0x42, 0, 0xff, 0xff, 0xff]
    #expect(describeRTCP(bytes) == ["remb \(UInt64.max)"])
  }

  @Test("Counts that promise more than there is yield only what is there")
  func lyingCounts() {
    #expect(describeRTCP([0x9f, 203, 0, 1, 0, 0, 0, 5]) == ["bye [5]"])
    #expect(describeRTCP([0x9f, 201, 0, 1, 0, 0, 0, 5]) == ["rr 5 []"])
    #expect(describeRTCP([0x81, 200, 0, 1, 0, 0, 0, 5]) == ["other"])
    #expect(describeRTCP([0x81, 202, 0, 1, 0, 0, 0, 5, 1, 255]) == ["sdes []"])
    // 65 535 statuses, one chunk.
    let feedback: [UInt8] = [0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 0x1f, 0xff, 0, 0]
    #expect(describeRTCP(feedback).count == 1)
  }

  @Test("A compound cut at any length yields whole packets only")
  func truncation() {
    let whole = describeRTCP(Self.everything)
    for length in 0..<Self.everything.count {
      let part = describeRTCP(Array(Self.everything.prefix(length)))
      #expect(part == Array(whole.prefix(part.count)))
      #expect(part.count < whole.count)
    }
  }

  @Test("A packet that does not fit is left out as a whole")
  func overflow() {
    for capacity in 0..<80 {
      let bytes = writeRTCP(capacity: capacity) {
        _ = $0.receiverReport(ssrc: 1, blocks: [Self.block])
        _ = $0.nack([1, 100, 200, 300], sender: 1, media: 2)
      }
      #expect(bytes.count == (capacity >= 60 ? 60 : capacity >= 32 ? 32 : capacity >= 28 ? 28 : bytes.count))
      #expect(bytes.count % 4 == 0)
    }
  }

  @Test("The round trip is what passed minus what the peer held")
  func roundTripTime() {
    let sent = NTPTimestamp(.seconds(1000))
    var block = Self.block
    block.lastReport = sent.compact
    block.delaySinceLastReport = MediaTime.milliseconds(500).compactNTP
    let measured = block.roundTripTime(now: NTPTimestamp(.seconds(1000) + .milliseconds(580)))
    #expect(abs((measured ?? .zero).milliseconds - 80) < 0.1)
    block.delaySinceLastReport = MediaTime.seconds(30).compactNTP
    #expect(block.roundTripTime(now: NTPTimestamp(.seconds(1001))) == nil)
    block.lastReport = 0
    #expect(block.roundTripTime(now: NTPTimestamp(.seconds(1001))) == nil)
  }
}
