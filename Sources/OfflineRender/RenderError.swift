public import MixCore
public import Outputs

/// Why a rendering ended early.
public enum RenderError: Error, Sendable {
  /// An input cannot be opened or is damaged; the value names the file and the reason.
  case input(ReadError)
  /// The destination, without its secrets, and what is wrong with it.
  case output(String, OutputError)
  case codec(CodecError)
  case opus(OpusError)
  /// The inputs carry no picture and no sound at all.
  case nothingToRender(file: String)
  /// The program has no room for so many inputs.
  case tooManyInputs(limit: Int)

  public var message: String {
    switch self {
    case .input(let error): error.message
    case .output(let destination, let error): "\(destination): \(error.message)"
    case .codec(let error): "The picture or sound could not be encoded: \(error)."
    case .opus(let error): "The sound could not be encoded: \(error)."
    case .nothingToRender(let file): "\(file): holds neither a video nor an audio track that can be read."
    case .tooManyInputs(let limit): "At most \(limit) inputs can be mixed."
    }
  }
}
