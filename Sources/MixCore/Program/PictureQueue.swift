/// A decoded picture of one source with the instant it belongs to.
public struct SourcePicture: Sendable {
  public var frame: VideoFrame
  /// When it is to be shown, on the local clock (live) or on the programme's time line (files).
  public var instant: MediaTime
  public var timings: FrameTimings

  public init(frame: VideoFrame, instant: MediaTime, timings: FrameTimings = FrameTimings()) {
    self.frame = frame
    self.instant = instant
    self.timings = timings
  }
}

/// The newest pictures of one source, oldest first; picks the one that belongs to an instant and never goes back.
public struct PictureQueue: Sendable {
  public struct Picked: Sendable {
    public var picture: SourcePicture
    /// It was picked before.
    public var isRepeat: Bool
  }

  /// More only waits longer: the oldest picture gives way.
  private static let capacity = 4

  private var waiting: [SourcePicture] = []
  private var current: SourcePicture?
  private var currentWasPicked = false
  /// Pictures which were replaced before any tick showed them.
  public private(set) var skipped = 0

  public init() { waiting.reserveCapacity(Self.capacity + 1) }

  public mutating func insert(_ picture: SourcePicture) {
    waiting.append(picture)
    if waiting.count > Self.capacity {
      waiting.removeFirst()
      skipped += 1
    }
  }

  /// The newest picture whose instant is not after `instant`, else the one shown before, else `nil`.
  public mutating func pick(at instant: MediaTime) -> Picked? {
    while let first = waiting.first, first.instant <= instant {
      if current != nil, !currentWasPicked { skipped += 1 }
      current = first
      currentWasPicked = false
      waiting.removeFirst()
    }
    guard let current else { return nil }
    defer { currentWasPicked = true }
    return Picked(picture: current, isRepeat: currentWasPicked)
  }

  public mutating func removeAll() {
    waiting.removeAll(keepingCapacity: true)
    current = nil
    currentWasPicked = false
  }
}
