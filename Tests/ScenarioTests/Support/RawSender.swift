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
