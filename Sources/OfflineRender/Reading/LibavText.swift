import CAVFormat
import Glibc

/// What libavformat's codes mean for somebody who named a file.
enum LibavText {
  static func reason(of code: Int32) -> ReadError.Reason {
    switch -code {
    case ENOENT, ENOTDIR: .notFound
    case ENOMEM: .outOfMemory
    case 1..<200: .notReadable(text(of: code))
    default: .formatUnknown
    }
  }

  static func text(of code: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(AV_ERROR_MAX_STRING_SIZE)) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      unsafe av_strerror(code, base, buffer.count)
      return unsafe String(cString: base)
    }
  }
}
