import CAVFormat
import Glibc

extension OutputError {
  enum Phase {
    case opening
    case writing
  }

  /// The meaning of a negative code of libavformat.
  init(libraryCode code: Int32, isPush: Bool, while phase: Phase) {
    let reason = Self.text(of: code)
    // Most codes are negated `errno` values; those of the library's own are far below.
    switch (isPush, phase, -code) {
    case (_, _, ENOSPC), (_, _, EDQUOT): self = .diskFull
    case (false, .opening, _): self = .fileNotWritable(reason)
    case (false, .writing, _): self = .io(reason)
    // The RTMP client says −1 or "unknown" when the server answers `connect` or `publish` with an error.
    case (true, .opening, EPERM), (true, .opening, EACCES), (true, .opening, -Self.unknownError):
      self = .refused(reason)
    case (true, .opening, _): self = .unreachable(reason)
    case (true, .writing, ETIMEDOUT): self = .timedOut
    case (true, .writing, _): self = .connectionLost(reason)
    }
  }

  private static let unknownError = cavformat_error_unknown()

  private static func text(of code: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(AV_ERROR_MAX_STRING_SIZE)) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      unsafe av_strerror(code, base, buffer.count)
      return unsafe String(cString: base)
    }
  }
}
