/// Why a codec could not do its work.
public enum CodecError: Error, Sendable, Equatable {
  /// The library was built without this codec.
  case codecMissing
  /// The settings cannot be encoded: odd or excessive size, unknown preset, rate out of range.
  case settingsRefused
  /// The picture or sound handed to an encoder does not have the form it was opened for.
  case inputMismatch
  /// The library failed to encode valid input.
  case encodingFailed
  /// The data is not a valid frame; a video decoder waits for a key frame from here on.
  case dataCorrupt
  /// A frame that depends on one that was never decoded.
  case keyFrameNeeded
  /// The picture is larger than `PixelLimits`, or not 8-bit 4:2:0.
  case pictureUnsupported
  /// The library could not get memory.
  case outOfMemory

  /// Stable name for counters, logs and the API.
  public var code: String {
    switch self {
    case .codecMissing: "codec.missing"
    case .settingsRefused: "codec.settings-refused"
    case .inputMismatch: "codec.input-mismatch"
    case .encodingFailed: "codec.encoding-failed"
    case .dataCorrupt: "codec.data-corrupt"
    case .keyFrameNeeded: "codec.key-frame-needed"
    case .pictureUnsupported: "codec.picture-unsupported"
    case .outOfMemory: "codec.out-of-memory"
    }
  }
}
