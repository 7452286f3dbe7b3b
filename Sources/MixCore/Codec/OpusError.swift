/// Why an Opus coder could not do what it was asked to.
public enum OpusError: Error, Sendable, Equatable {
  /// Only packets of 10, 20, 40 and 60 ms can be made.
  case unsupportedFrameDuration(milliseconds: Int)
  /// Bitrate, loss or complexity is out of the range the codec accepts.
  case badSetting
  /// The library could not allocate a coder.
  case outOfMemory
  /// The payload is no Opus packet (RFC 6716 §3.4) or damaged.
  case corruptPacket
  /// The length asked for is no multiple of 2.5 ms up to 120 ms.
  case badLength
  /// The library reports a fault of its own.
  case libraryFault(code: Int32)

  init(code: Int32) {
    switch code {
    case -1: self = .badSetting  // OPUS_BAD_ARG
    case -4: self = .corruptPacket  // OPUS_INVALID_PACKET
    case -7: self = .outOfMemory  // OPUS_ALLOC_FAIL
    default: self = .libraryFault(code: code)
    }
  }
}
