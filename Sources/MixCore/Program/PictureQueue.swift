/// A decoded picture of one source with the instant it belongs to.
public struct SourcePicture: Sendable {
  public var frame: VideoFrame
  /// Not to be shown before, on the local clock (live) or on the programme's time line (files).
  public var instant: MediaTime
  public var timings: FrameTimings

  public init(frame: VideoFrame, instant: MediaTime, timings: FrameTimings = FrameTimings()) {
    self.frame = frame
    self.instant = instant
    self.timings = timings
  }

  public var bytes: Int { frame.width * frame.height * 3 / 2 }

  /// When it is shown if pictures are shown `delay` after their capture.
  func release(delay: MediaTime) -> MediaTime {
    timings.captured == .zero ? instant : max(instant, timings.captured + delay)
  }
}

/// The newest pictures of one source, oldest first; picks the one that belongs to an instant and never goes back.
public struct PictureQueue: Sendable {
  public struct Picked: Sendable {
    public var picture: SourcePicture
    /// It was picked before.
    public var isRepeat: Bool
  }

  /// Half a second at 60 fps, the longest delay that is ever asked for, as far as memory allows: 23 pictures of 720p.
  private static let maximumCount = 32
  private static let maximumBytes = 32 << 20
  /// A picture that is later than this beside its sound is seen to be, one that is earlier than `early` is not.
  private static let visible = MediaTime.milliseconds(27)
  private static let early = MediaTime.milliseconds(20)
  /// Nothing is left out once the last new picture is so old: three a second are shown whatever they look like.
  private static let longestStill = MediaTime.milliseconds(300)

  private var waiting: [SourcePicture] = []
  private var bytes = 0
  private var current: SourcePicture?
  private var currentWasPicked = false
  /// The picture picked last, and when for the first time.
  private var shown: (picture: SourcePicture, since: MediaTime)?
  /// Pictures which were replaced before any tick showed them.
  public private(set) var skipped = 0
  /// Pictures released early because newer ones needed their place.
  public private(set) var overflown = 0

  public init() {}

  public mutating func insert(_ picture: SourcePicture) {
    waiting.append(picture)
    bytes += picture.bytes
    while waiting.count > 1, waiting.count > Self.maximumCount || bytes > Self.maximumBytes {
      overflown += 1
      releaseFirst()
    }
  }

  /// When the next waiting picture is to be released.
  public func nextRelease(delay: MediaTime = .zero) -> MediaTime? { waiting.first?.release(delay: delay) }

  /// Moves on to the newest picture whose time has come by `instant`.
  /// - Returns: when its time came; `nil` when there was none.
  @discardableResult
  public mutating func release(by instant: MediaTime, delay: MediaTime = .zero) -> MediaTime? {
    var newest: MediaTime?
    while let release = waiting.first?.release(delay: delay), release <= instant {
      newest = release
      releaseFirst()
    }
    return newest
  }

  /// The newest picture released, else `nil`.
  /// - Parameter isTooLate: such a new picture is passed over, while there is another one to see.
  public mutating func pick(
    at instant: MediaTime, delay: MediaTime = .zero, unless isTooLate: (SourcePicture) -> Bool = { _ in false }
  ) -> Picked? {
    release(by: instant, delay: delay)
    if nextIsNearer(to: instant, delay: delay) { releaseFirst() }
    guard let current else { return nil }
    if currentWasPicked { return Picked(picture: current, isRepeat: true) }
    if let shown, instant - shown.since < Self.longestStill, isTooLate(current) {
      return Picked(picture: shown.picture, isRepeat: true)
    }
    currentWasPicked = true
    shown = (current, instant)
    return Picked(picture: current, isRepeat: false)
  }

  /// A picture that was lost more than once comes when the one after it is nearly due, which then is in its place sooner
  /// than this one would be gone.
  private func nextIsNearer(to instant: MediaTime, delay: MediaTime) -> Bool {
    guard !currentWasPicked, delay > .zero, let current, current.timings.captured != .zero,
      let next = nextRelease(delay: delay)
    else { return false }
    let lateness = current.instant - current.timings.captured - delay
    return lateness > Self.visible && next - instant < min(lateness / 2, Self.early)
  }

  public mutating func removeAll() {
    waiting.removeAll(keepingCapacity: true)
    bytes = 0
    current = nil
    currentWasPicked = false
    shown = nil
  }

  private mutating func releaseFirst() {
    if current != nil, !currentWasPicked { skipped += 1 }
    let first = waiting.removeFirst()
    bytes -= first.bytes
    current = first
    currentWasPicked = false
  }
}
