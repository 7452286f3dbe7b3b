/// What happened to one participant's sound since its start; samples are per channel at 48 kHz.
public struct AudioPlayoutStatistics: Sendable, Equatable {
  /// Packets.
  public var inserted = 0
  public var late = 0
  public var duplicate = 0
  public var overflow = 0
  public var decoded = 0
  /// Packets whose first bytes, or whose content, are no Opus.
  public var malformed = 0

  public var concealedSamples = 0
  public var fecSamples = 0
  /// Lost packets that were played from the copy in a later packet.
  public var redundancyUsed = 0
  /// Samples won or lost by reading slower or faster.
  public var stretchedSamples = 0
  public var squeezedSamples = 0
  /// Pieces left out or repeated because the speed alone would have taken too long.
  public var skips = 0
  public var skippedSamples = 0
  public var repeats = 0
  public var repeatedSamples = 0
  /// Jumps of the sender's timestamps or sequence numbers.
  public var resyncs = 0

  public var targetDelay = MediaTime.zero
  /// Level of the last ten milliseconds in dBFS.
  public var peakLevel = AudioLevel.floor
  public var rmsLevel = AudioLevel.floor

  public init() {}
}
