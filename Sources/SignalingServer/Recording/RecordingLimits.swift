/// How long, how many and with how much space left programmes are recorded.
public struct RecordingLimits: Sendable, Equatable {
  /// Seconds of one recording.
  public var longest = 12.0 * 3600
  /// Recordings of one room that are kept.
  public var perRoom = 20
  /// Bytes that must stay free on the disk.
  public var minimumFree: Int64 = 500 << 20
  /// Seconds between two looks at time and space.
  public var checkInterval = 5.0

  public init() {}
}
