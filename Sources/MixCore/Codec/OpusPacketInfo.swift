import COpus

/// What the first bytes of an Opus packet say about the rest (RFC 6716 §3.1 and §3.2).
public struct OpusPacketInfo: Sendable, Equatable {
  public enum Mode: Sendable, Equatable {
    case silk
    case hybrid
    case celt
  }

  /// 120 ms, the most a packet may hold.
  public static let maximumSamples = 5_760
  /// 120 ms of 2.5 ms frames.
  private static let maximumFrames = 48

  public let mode: Mode
  public let channels: Int
  public let frameCount: Int
  /// Samples per channel in one of the packet's frames, at 48 kHz.
  public let frameSamples: Int

  /// Samples per channel in the whole packet, at 48 kHz.
  public var samples: Int { frameSamples * frameCount }

  /// `nil` when the packet is empty, has no frame or is longer than 120 ms.
  public init?(_ payload: [UInt8]) {
    guard let toc = payload.first else { return nil }
    let configuration = Int(toc >> 3)
    switch configuration {
    case 0..<12:
      mode = .silk
      frameSamples = [480, 960, 1_920, 2_880][configuration & 3]
    case 12..<16:
      mode = .hybrid
      frameSamples = 480 << (configuration & 1)
    default:
      mode = .celt
      frameSamples = 120 << (configuration & 3)
    }
    channels = toc & 0x04 == 0 ? 1 : 2
    switch toc & 0x03 {
    case 0: frameCount = 1
    case 1, 2: frameCount = 2
    default:
      guard payload.count > 1 else { return nil }
      frameCount = Int(payload[1] & 0x3F)
    }
    guard frameCount > 0, samples <= Self.maximumSamples else { return nil }
  }

  /// A packet without any coded frame: the sender enters, or stays in, discontinuous transmission.
  public static func isDiscontinuous(_ payload: [UInt8]) -> Bool { payload.count <= 2 }

  /// Whether the packet repeats its predecessor at low bitrate (LBRR, RFC 6716 §4.2.4).
  ///
  /// The first frame's SILK header holds, for each channel, one voice-activity bit per SILK frame and then the LBRR bit.
  /// Bits of probability one half are the leading bits of the range coder's first byte, so they can be read directly.
  public static func carriesRecovery(_ payload: [UInt8]) -> Bool {
    guard let info = OpusPacketInfo(payload), info.mode != .celt, let offset = firstFrameOffset(payload),
      offset < payload.count
    else { return false }
    let silkFrames = max(1, info.frameSamples / 960)
    let header = payload[offset]
    return (1...info.channels).contains { channel in
      header & (0x80 >> UInt8(channel * (silkFrames + 1) - 1)) != 0
    }
  }

  private static func firstFrameOffset(_ payload: [UInt8]) -> Int? {
    unsafe payload.withUnsafeBufferPointer { bytes in
      unsafe withUnsafeTemporaryAllocation(of: Int16.self, capacity: maximumFrames) { sizes in
        guard let start = bytes.baseAddress, let size = sizes.baseAddress else { return nil }
        var offset: Int32 = 0
        let frames = unsafe opus_packet_parse(start, Int32(truncatingIfNeeded: bytes.count), nil, nil, size, &offset)
        return unsafe frames > 0 && size.pointee > 0 ? Int(offset) : nil
      }
    }
  }
}
