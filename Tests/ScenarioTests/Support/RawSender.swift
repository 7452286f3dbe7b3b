import MixCore

@testable import Transport

/// A source of the client beside those of its session: any numbers it likes, but under the session's real keys.
final class RawSender {
  var ssrc: UInt32
  var sequence: UInt16
  /// Added to every timestamp.
  var timestampShift: UInt32 = 0
  var payloadType: UInt8?
  var tellsSection = true
  /// What the wall clock of its reports was set by.
  var wallClockStep = MediaTime.zero
  private var nextReport = MediaTime.distantPast

  init(ssrc: UInt32, sequence: UInt16 = 1) {
    self.ssrc = ssrc
    self.sequence = sequence
  }

  func send(_ frame: PacketizedFrame, media: Int, by session: inout RTCSession) {
    for (index, range) in frame.packets.enumerated() {
      let isLast = index == frame.packets.count - 1
      let section = session.media[media]
      var header = RTPHeader(
        marker: section.kind == .video && isLast, payloadType: payloadType ?? section.payloadType, sequence: sequence,
        timestamp: frame.timestamp &+ timestampShift, ssrc: ssrc)
      if tellsSection { header.extensions.mid = ExtensionToken(section.mid) }
      sequence &+= 1
      session.sendRaw { writer in
        header.write(into: &writer, extensions: section.extensions)
        unsafe frame.bytes[range].withUnsafeBytes { unsafe writer.copy($0) }
      }
    }
  }

  /// Sends a frame, and once a second a sender report as of it; `now` is the session's time.
  func sendReporting(_ frame: PacketizedFrame, media: Int, by session: inout RTCSession, now: MediaTime) {
    send(frame, media: media, by: &session)
    guard now >= nextReport else { return }
    nextReport = now + .seconds(1)
    let age = (now - (frame.captureTime ?? now)).count(rate: session.media[media].clockRate)
    let report = SenderReport(
      ssrc: ssrc, ntp: NTPTimestamp(now + session.plane.ntpOffset + wallClockStep),
      timestamp: frame.timestamp &+ timestampShift &+ UInt32(truncatingIfNeeded: age),
      packetCount: UInt32(sequence), octetCount: UInt32(sequence) * 1_000)
    session.sendControl { _ = $0.senderReport(report, blocks: []) }
  }
}

extension RTCSession {
  /// Protects and sends whatever `write` makes.
  mutating func sendRaw(isRTCP: Bool = false, _ write: (inout ByteWriter) -> Void) {
    unsafe transport.send(isRTCP: isRTCP, into: &transmits) { buffer in
      var writer = unsafe ByteWriter(buffer)
      write(&writer)
      return writer.position
    }
  }

  /// Sends RTCP made by `write`.
  mutating func sendControl(_ write: (inout RTCPWriter) -> Void) {
    unsafe transport.send(isRTCP: true, into: &transmits) { buffer in
      var writer = unsafe RTCPWriter(buffer)
      write(&writer)
      return writer.length
    }
  }
}
