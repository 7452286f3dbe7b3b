/// How long after their capture one source's pictures are shown, so that they follow each other as evenly as they were
/// taken: not at all longer than they need while the network is even, as long as nearly all of them need when it is not.
///
/// Grows at once. While pictures go on being late, as long as something is lost again and again and has to come once
/// more, ten seconds are remembered, so that the delay stays where it is; when none was for three, for less than two where the
/// delay is very long, or for half as long again as they were apart lately, it forgets and shrinks, and is nearly gone within
/// five seconds in all.
struct PictureDelay: Sendable {
  static let maximum = MediaTime.milliseconds(500)

  /// Time from capture to decoded picture that half of the pictures need.
  private(set) var usual = MediaTime.zero
  /// The delay that evens them out; `nil` while they are even: then each is shown when it is ready.
  private(set) var held: MediaTime?

  private struct Sample {
    var ready: MediaTime
    var lateness: MediaTime
  }

  private static let window = MediaTime.seconds(2)
  private static let memory = MediaTime.seconds(10)
  private static let calm = MediaTime.milliseconds(3_200)
  /// The longer a delay is, the more has to happen for it, and the longer it takes to shrink.
  private static let calmOfLong = MediaTime.milliseconds(2_200)
  private static let calmOfFar = MediaTime.milliseconds(1_600)
  /// Late pictures that come again and again with pauses are waited for half as long again, up to the third value; what
  /// comes after more than the second is something new, and what comes sooner than the first no pause.
  private static let pauses = (least: MediaTime.milliseconds(700), most: MediaTime.seconds(6))
  private static let longestCalm = MediaTime.milliseconds(3_400)
  private static let rememberedPauses = 6
  private static let long = MediaTime.milliseconds(150)
  private static let capacity = 640
  /// One picture in ten may come later than it is shown.
  private static let lateShare = 10
  /// One in a hundred and ten may be later than can be seen beside its sound, and always one: a key frame takes longer than others.
  private static let outlierShare = 110
  private static let visible = MediaTime.milliseconds(22)
  /// So much is waited for those few, not more.
  private static let longestForFew = MediaTime.milliseconds(200)
  private static let leastCount = 5
  /// Shrinks by this share of the time that passes: the picture then moves an eighth too fast, or, down to a delay that is
  /// merely long, by half.
  private static let shrinking: (usual: Int64, far: Int64) = (8, 2)
  private static let far = MediaTime.milliseconds(250)
  private static let intervals = MediaTime.milliseconds(8)...MediaTime.milliseconds(200)

  private var samples: [Sample] = []
  private var ordered: [MediaTime] = []
  /// Nearly the least time any picture needs.
  private var floor: MediaTime?
  /// Since when pictures come hopelessly late: something stood still, and what waited teaches nothing.
  private var stalled: MediaTime?
  private var lastLate: MediaTime?
  /// Between late pictures lately.
  private var recentPauses: [MediaTime] = []
  /// Smoothed distance between two captures.
  private var interval = MediaTime.milliseconds(33)
  private var lastCapture: MediaTime?

  /// What a picture must wait for, whether held or not.
  var needed: MediaTime { held ?? usual }

  /// No pictures came for long. How long they took is forgotten, not when they would have been in time: what waited
  /// meanwhile and comes in one heap teaches nothing.
  mutating func restart() {
    let known = floor
    self = PictureDelay()
    floor = known
  }

  /// A picture captured at `captured` was decoded at `ready`.
  mutating func note(captured: MediaTime, ready: MediaTime) {
    let elapsed = samples.last.map { max(.zero, ready - $0.ready) } ?? .zero
    measureInterval(to: captured)
    let lateness = max(.zero, ready - captured)
    guard !isHopeless(lateness, at: ready) else { return }
    noteLate(lateness, at: ready)
    forget(before: ready - (held == nil ? Self.window : Self.memory))
    if isCalm(at: ready) { forget(before: ready - calm) }
    remember(Sample(ready: ready, lateness: lateness))
    usual = ordered[ordered.count / 2]
    adapt(elapsed)
  }

  /// From the first picture later than any delay allows until they are in time again; if they stay late, that is how late
  /// they are from now on.
  private mutating func isHopeless(_ lateness: MediaTime, at now: MediaTime) -> Bool {
    guard let floor else { return false }
    let limit = stalled == nil ? Self.maximum : interval / 2
    guard lateness - floor > limit else {
      stalled = nil
      return false
    }
    let since = stalled ?? now
    stalled = since
    guard now - since > Self.window else { return true }
    self = PictureDelay()
    return false
  }

  /// Hardly anything was late lately of what the delay is for.
  private func isCalm(at now: MediaTime) -> Bool {
    guard let held, let floor else { return false }
    let limit = floor + (held - floor) / 2
    return samples.reversed().prefix { now - $0.ready < calm }.allSatisfy { $0.lateness < limit }
  }

  private mutating func noteLate(_ lateness: MediaTime, at now: MediaTime) {
    guard let floor, lateness - floor >= max(((held ?? floor) - floor) / 2, interval / 2) else { return }
    defer { lastLate = now }
    guard let lastLate, now - lastLate <= Self.pauses.most else { return recentPauses.removeAll() }
    guard now - lastLate >= Self.pauses.least else { return }
    recentPauses.append(now - lastLate)
    if recentPauses.count > Self.rememberedPauses { recentPauses.removeFirst() }
  }

  private var calm: MediaTime {
    let again = (recentPauses.max() ?? .zero) * 3 / 2
    return max(calmOfDelay, min(again, Self.longestCalm))
  }

  private var calmOfDelay: MediaTime {
    guard let held, let floor else { return Self.calm }
    if held - floor > Self.far { return Self.calmOfFar }
    return held - floor > Self.long ? Self.calmOfLong : Self.calm
  }

  private mutating func adapt(_ elapsed: MediaTime) {
    let floor = ordered[ordered.count / 10]
    self.floor = floor
    let high = min(allBut(ordered.count / Self.outlierShare), floor + Self.maximum)
    let limit = held == nil ? interval / 2 : interval * 3 / 8
    let isUneven = high - floor > limit && ordered.count >= Self.leastCount
    let forFew = min(high - Self.visible, floor + Self.longestForFew)
    let target = isUneven ? max(min(allBut(ordered.count / Self.lateShare), high), forFew) : usual
    guard let now = held else {
      if isUneven { held = target }
      return
    }
    // A delay that swings with every late picture would move the picture back and forth by whole ticks.
    let isNear = isUneven && target > now - interval * 2 / 5
    let shrinking = now - floor > Self.far ? Self.shrinking.far : Self.shrinking.usual
    let next = max(target, isNear ? now : now - min(elapsed, Self.window) / shrinking)
    held = isUneven || next > target ? next : nil
  }

  /// What all but `outliers` pictures need, at least one of them.
  private func allBut(_ outliers: Int) -> MediaTime { ordered[max(0, ordered.count - 1 - max(1, outliers))] }

  private mutating func measureInterval(to captured: MediaTime) {
    if let lastCapture, captured > lastCapture {
      let step = min(max(captured - lastCapture, Self.intervals.lowerBound), Self.intervals.upperBound)
      interval += (step - interval) / 16
    }
    lastCapture = captured
  }

  private mutating func remember(_ sample: Sample) {
    samples.append(sample)
    ordered.insert(sample.lateness, at: ordered.firstIndex { $0 > sample.lateness } ?? ordered.endIndex)
  }

  private mutating func forget(before limit: MediaTime) {
    while let first = samples.first, first.ready < limit || samples.count >= Self.capacity {
      samples.removeFirst()
      if let index = ordered.firstIndex(of: first.lateness) { ordered.remove(at: index) }
    }
  }
}
