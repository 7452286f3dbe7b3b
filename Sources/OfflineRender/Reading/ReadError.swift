public import MixCore

/// Why a file cannot be read, or not to its end.
public struct ReadError: Error, Sendable, Equatable {
  public enum Reason: Sendable, Equatable {
    case notFound
    /// The operating system refuses, for this reason.
    case notReadable(String)
    /// No known container.
    case formatUnknown
    /// A track in a codec that nothing here decodes.
    case codecUnsupported(String)
    /// A picture beyond `PixelLimits`.
    case pictureTooLarge(PixelSize)
    /// Data that breaks the rules of its container or codec, at this time of the file.
    case corrupt(at: MediaTime)
    /// The file ends before the length it names.
    case truncated(at: MediaTime)
    case outOfMemory
  }

  public var file: String
  public var reason: Reason

  /// Stable name for scripts.
  public var code: String {
    switch reason {
    case .notFound: "input.not-found"
    case .notReadable: "input.not-readable"
    case .formatUnknown: "input.format-unknown"
    case .codecUnsupported: "input.codec-unsupported"
    case .pictureTooLarge: "input.picture-too-large"
    case .corrupt: "input.corrupt"
    case .truncated: "input.truncated"
    case .outOfMemory: "input.out-of-memory"
    }
  }

  /// One line that names the file and the reason.
  public var message: String { "\(file): \(explanation) (\(code))" }

  private var explanation: String {
    switch reason {
    case .notFound: "no such file"
    case .notReadable(let text): text
    case .formatUnknown: "not a media file of a known kind"
    case .codecUnsupported(let name): "the codec \(name) cannot be decoded"
    case .pictureTooLarge(let size): "pictures of \(size.width)×\(size.height) are too large"
    case .corrupt(let time): "damaged data at \(Self.text(time))"
    case .truncated(let time): "ends early, at \(Self.text(time))"
    case .outOfMemory: "not enough memory"
    }
  }

  private static func text(_ time: MediaTime) -> String {
    let milliseconds = max(time.nanoseconds / 1_000_000, 0)
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
  }
}
