/// The RTP header extensions (RFC 8285) this transport knows, by the URI that names them in SDP.
enum HeaderExtension: String, Sendable, CaseIterable {
  case mid = "urn:ietf:params:rtp-hdrext:sdes:mid"
  case rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
  case repairedRID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
  case absoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
  case transportSequence = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
  case absoluteCaptureTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"
  /// Sent only: nobody here keeps to what a publisher asks for.
  case playoutDelay = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
  case audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
}

/// Which number stands for which extension; 0 is an extension that was not negotiated.
struct HeaderExtensionMap: Sendable, Equatable {
  private var mid: UInt8 = 0
  private var rid: UInt8 = 0
  private var repairedRID: UInt8 = 0
  private var absoluteSendTime: UInt8 = 0
  private var transportSequence: UInt8 = 0
  private var absoluteCaptureTime: UInt8 = 0
  private var audioLevel: UInt8 = 0
  private var playoutDelay: UInt8 = 0

  subscript(_ kind: HeaderExtension) -> UInt8 {
    get {
      switch kind {
      case .mid: mid
      case .rid: rid
      case .repairedRID: repairedRID
      case .absoluteSendTime: absoluteSendTime
      case .transportSequence: transportSequence
      case .absoluteCaptureTime: absoluteCaptureTime
      case .audioLevel: audioLevel
      case .playoutDelay: playoutDelay
      }
    }
    set {
      switch kind {
      case .mid: mid = newValue
      case .rid: rid = newValue
      case .repairedRID: repairedRID = newValue
      case .absoluteSendTime: absoluteSendTime = newValue
      case .transportSequence: transportSequence = newValue
      case .absoluteCaptureTime: absoluteCaptureTime = newValue
      case .audioLevel: audioLevel = newValue
      case .playoutDelay: playoutDelay = newValue
      }
    }
  }

  func kind(of id: UInt8) -> HeaderExtension? {
    if id == 0 { return nil }
    if id == transportSequence { return .transportSequence }
    if id == absoluteSendTime { return .absoluteSendTime }
    if id == mid { return .mid }
    if id == audioLevel { return .audioLevel }
    if id == absoluteCaptureTime { return .absoluteCaptureTime }
    if id == rid { return .rid }
    if id == playoutDelay { return .playoutDelay }
    return id == repairedRID ? .repairedRID : nil
  }

  /// True if an id does not fit the one-byte form (RFC 8285 §4.2), so that the two-byte form must be written.
  var needsTwoByteForm: Bool {
    max(mid, rid, repairedRID, absoluteSendTime, transportSequence, absoluteCaptureTime, audioLevel, playoutDelay) > 14
  }
}
