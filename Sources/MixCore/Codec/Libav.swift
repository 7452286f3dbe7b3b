import CAVCodec

/// What the whole process must know of libavcodec and its sisters once.
public enum Libav {
  /// Keeps the libraries from writing to the standard error; what matters comes back as an error code. Read it before
  /// the first call of any of them.
  public static let isSilent: Bool = {
    av_log_set_level(AV_LOG_QUIET)
    return true
  }()
}
