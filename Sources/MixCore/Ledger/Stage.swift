/// The stages of `mixd_stage_seconds`, in the order a frame passes them.
public enum Stage: String, Sendable, CaseIterable {
  /// First packet → whole frame.
  case jitter
  /// Whole frame → decoded picture, queueing included.
  case decode
  /// Decoded picture → picked by a tick.
  case wait
  /// Picked → composed.
  case compose
  /// Composed → encoded.
  case encode
  /// Encoded → RTP packets made.
  case packetize
  /// Encoded → first byte written by an output.
  case output
}

extension ProgramFrameRecord {
  /// The time spent in `stage`, or `nil` when the record does not hold both of its ends.
  ///
  /// The receive-side stages are those of the first layer, the host's picture, and only of a picture shown for the
  /// first time: a repeated one says nothing about the way of this frame.
  public func duration(of stage: Stage) -> MediaTime? {
    let host = layers.first.flatMap { $0.isRepeat ? nil : $0.timings }
    switch stage {
    case .jitter: return span(host?.firstPacket, host?.assembled)
    case .decode: return span(host?.assembled, host?.decoded)
    case .wait: return span(host?.decoded, picked)
    case .compose: return span(picked, composed)
    case .encode: return span(composed, encoded)
    case .packetize: return span(encoded, packetized)
    case .output: return span(encoded, firstByte)
    }
  }

  /// Last packet of the host's frame → first byte of the mixed frame out.
  public var mixLatency: MediaTime? {
    let host = layers.first.flatMap { $0.isRepeat ? nil : $0.timings }
    return span(host?.lastPacket, firstByte)
  }

  private func span(_ from: MediaTime?, _ to: MediaTime?) -> MediaTime? {
    guard let from, let to, from != .zero, to != .zero else { return nil }
    return to - from
  }
}
