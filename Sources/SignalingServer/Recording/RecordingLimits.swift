/// How long, how many and with how much space left programmes are recorded.
public struct RecordingLimits: Sendable, Equatable {
  /// Seconds of one recording.
  public var longest = 12.0 * 3600
  /// Recordings of one room that are kept.
  public var perRoom = 20
  /// Bytes of all recordings that are kept of one host.
  public var perHost: Int64 = 20_000 << 20
  /// Recordings of one host that run at once, each in a room of its own.
  var runningPerHost = 3
  var runningPerGuest = 1
  /// Whether guests record at all.
  public var guests = true
  /// Bytes that must stay free on the disk.
  public var minimumFree: Int64 = 500 << 20
  /// Seconds between two looks at time and space.
  public var checkInterval = 5.0

  public init() {}

  /// Whether anybody records at all.
  var isOn: Bool { perRoom > 0 && perHost > 0 }
}
