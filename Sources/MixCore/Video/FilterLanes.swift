/// The windows of a filter as byte shuffles; the order of lanes is said at `ck_filter`.
struct FilterLanes {
  let taps: Int
  var starts: [Int32] = []
  var shuffles: [UInt8] = []
  var weights: [Int8] = []

  init(windows: [AxisFilter.Window], sourceLength: Int) {
    let needed = windows.map(\.weights.count).max() ?? 1
    taps =
      [2, 4, 8].first { $0 >= needed && Self.fits(windows, outputsPerLane: AxisFilter.lane / $0) }
      ?? AxisFilter.maximumTaps
    let outputsPerLane = AxisFilter.lane / taps
    for block in stride(from: 0, to: windows.count, by: AxisFilter.block) {
      for pair in 0..<taps {
        for half in [0, AxisFilter.block / 2] {
          let first = block + half + pair * outputsPerLane
          addLane((first..<first + outputsPerLane).map { $0 < windows.count ? windows[$0] : nil }, sourceLength)
        }
      }
    }
  }

  /// Whether the windows of neighbouring outputs can be read at once.
  private static func fits(_ windows: [AxisFilter.Window], outputsPerLane: Int) -> Bool {
    stride(from: 0, to: windows.count, by: outputsPerLane).allSatisfy { first in
      let last = windows[min(first + outputsPerLane, windows.count) - 1]
      return last.start + last.weights.count - windows[first].start <= AxisFilter.lane
    }
  }

  private mutating func addLane(_ windows: [AxisFilter.Window?], _ sourceLength: Int) {
    // Never reads past the end of the source, unless the source is shorter than a lane.
    let start = min(windows[0]?.start ?? 0, max(0, sourceLength - AxisFilter.lane))
    starts.append(Int32(start))
    for window in windows {
      for tap in 0..<taps {
        let (offset, weight) = Self.entry(window, tap: tap)
        shuffles.append(offset.map { UInt8($0 - start) } ?? 0)
        weights.append(weight)
      }
    }
  }

  private static func entry(_ window: AxisFilter.Window?, tap: Int) -> (source: Int?, weight: Int8) {
    guard let window else { return (nil, 0) }
    // 128 does not fit a signed weight: the only sample is taken twice.
    if window.weights == [128] { return tap < 2 ? (window.start, 64) : (nil, 0) }
    guard tap < window.weights.count else { return (nil, 0) }
    return (window.start + tap, Int8(window.weights[tap]))
  }
}
