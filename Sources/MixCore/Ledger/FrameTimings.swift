/// When one source frame passed each stage on its way to the mixer; `.zero` where it did not pass or is not known.
public struct FrameTimings: Sendable, Equatable {
  /// Estimated on the local clock.
  public var captured: MediaTime = .zero
  public var firstPacket: MediaTime = .zero
  public var lastPacket: MediaTime = .zero
  public var assembled: MediaTime = .zero
  public var decodeStarted: MediaTime = .zero
  public var decoded: MediaTime = .zero

  public init() {}
}

/// When one programme frame passed each stage, with the timings of the pictures it was made of.
public struct ProgramFrameRecord: Sendable {
  public struct LayerEntry: Sendable {
    public var source: SourceID
    public var timings: FrameTimings
    /// The picture was already shown in an earlier programme frame.
    public var isRepeat: Bool

    public init(source: SourceID, timings: FrameTimings, isRepeat: Bool) {
      self.source = source
      self.timings = timings
      self.isRepeat = isRepeat
    }
  }

  public var id: UInt64
  /// Presentation time in the programme.
  public var time: MediaTime
  public var layers: [LayerEntry]
  public var picked: MediaTime
  public var composeStarted: MediaTime = .zero
  public var composed: MediaTime = .zero
  public var encoded: MediaTime = .zero
  public var packetized: MediaTime = .zero
  /// First byte handed to the network or file by any output.
  public var firstByte: MediaTime = .zero

  public init(id: UInt64, time: MediaTime, layers: [LayerEntry], picked: MediaTime) {
    self.id = id
    self.time = time
    self.layers = layers
    self.picked = picked
  }
}
