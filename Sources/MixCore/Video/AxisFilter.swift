import CKernels

/// How the samples of one axis are made of those of a longer or shorter one: for every output a window of up to 16
/// neighbouring sources with weights of 1/128.
///
/// From 2:1 on the window is the area under the output sample (a box), below it is linear interpolation. Beyond 15:1
/// only the middle 16 samples of the area are looked at.
@safe package final class AxisFilter: @unchecked Sendable {
  // @unchecked: its memory is written in `init` only.

  package struct Window {
    package var start: Int
    package var weights: [UInt8]
  }

  static let block = Int(CK_FILTER_BLOCK)
  static let maximumTaps = Int(CK_MAX_TAPS)
  /// A lane of the shuffle tables reads this many samples; shorter sources must be copied to where they can be read.
  static let lane = Int(CK_LANE)

  package let sourceLength: Int
  package let length: Int
  @unsafe let kernel: ck_filter
  private let memory: UnsafeMutableRawPointer

  package init(from sourceLength: Int, to length: Int) {
    self.sourceLength = sourceLength
    self.length = length
    let windows = (0..<length).map { Self.window($0, from: sourceLength, to: length) }
    let lanes = FilterLanes(windows: windows, sourceLength: sourceLength)
    unsafe (memory, kernel) = unsafe Self.tables(windows: windows, lanes: lanes)
  }

  deinit { unsafe memory.deallocate() }

  /// Outputs are the very sources.
  var isIdentity: Bool { sourceLength == length }

  package func isReduction(by factor: Int) -> Bool { sourceLength == factor * length }

  package func window(_ output: Int) -> Window {
    let count = unsafe Int(kernel.counts[output])
    let taps = unsafe kernel.taps
    let weights = unsafe UnsafeBufferPointer(start: kernel.weights + output * taps, count: count)
    return unsafe Window(start: Int(kernel.starts[output]), weights: Array(weights))
  }

  /// The sources that some of `outputs` need.
  func sources(of outputs: Range<Int>) -> Range<Int> {
    guard let last = outputs.last else { return 0..<0 }
    return unsafe Int(kernel.starts[outputs.lowerBound])..<Int(kernel.starts[last] + kernel.counts[last])
  }
}

extension AxisFilter {
  private static func window(_ output: Int, from sourceLength: Int, to length: Int) -> Window {
    if sourceLength == length { return Window(start: output, weights: [128]) }
    let ratio = Double(sourceLength) / Double(length)
    return ratio >= 2
      ? area(output, ratio: ratio, limit: sourceLength) : linear(output, ratio: ratio, limit: sourceLength)
  }

  /// Linear interpolation between the two sources whose centres are around the output's centre.
  private static func linear(_ output: Int, ratio: Double, limit: Int) -> Window {
    let position = min(max((Double(output) + 0.5) * ratio - 0.5, 0), Double(limit - 1))
    let start = Int(position)
    let second = UInt8(((position - Double(start)) * 128).rounded())
    if second == 0 { return Window(start: start, weights: [128]) }
    if second == 128 { return Window(start: start + 1, weights: [128]) }
    return Window(start: start, weights: [128 - second, second])
  }

  private static func area(_ output: Int, ratio: Double, limit: Int) -> Window {
    let width = min(ratio, Double(maximumTaps - 1))
    let begin = (Double(output) + 0.5) * ratio - width / 2
    let end = begin + width
    let first = min(max(Int(begin), 0), limit - 1)
    var weights: [UInt8] = []
    var given = 0
    var sample = first
    while Double(sample) < end - 1e-9, sample < limit, weights.count < maximumTaps {
      // Rounding the running total makes every window sum up to 128 exactly.
      let total = Int((min(Double(sample + 1), end) - begin) / width * 128 + 0.5)
      weights.append(UInt8(total - given))
      given = total
      sample += 1
    }
    weights[weights.count - 1] += UInt8(128 - given)
    let empty = weights.prefix { $0 == 0 }.count
    while weights.last == 0 { weights.removeLast() }
    return Window(start: first + empty, weights: Array(weights.dropFirst(empty)))
  }

  private static func tables(
    windows: [Window], lanes: FilterLanes
  ) -> (UnsafeMutableRawPointer, ck_filter) {
    let count = windows.count
    let taps = lanes.taps
    let shuffleBytes = lanes.shuffles.count
    let numbers = 2 * count + lanes.starts.count
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: 2 * shuffleBytes + 4 * numbers + count * taps, alignment: 64)
    let shuffles = unsafe memory.bindMemory(to: UInt8.self, capacity: shuffleBytes)
    let laneWeights = unsafe (memory + shuffleBytes).bindMemory(to: Int8.self, capacity: shuffleBytes)
    let starts = unsafe (memory + 2 * shuffleBytes).bindMemory(to: Int32.self, capacity: numbers)
    let counts = unsafe starts + count
    let laneStarts = unsafe counts + count
    let weights = unsafe (memory + 2 * shuffleBytes + 4 * numbers).bindMemory(to: UInt8.self, capacity: count * taps)

    unsafe shuffles.initialize(from: lanes.shuffles, count: shuffleBytes)
    unsafe laneWeights.initialize(from: lanes.weights, count: shuffleBytes)
    unsafe laneStarts.initialize(from: lanes.starts, count: lanes.starts.count)
    unsafe weights.initialize(repeating: 0, count: count * taps)
    for (output, window) in windows.enumerated() {
      unsafe starts[output] = Int32(window.start)
      unsafe counts[output] = Int32(window.weights.count)
      for (tap, weight) in window.weights.enumerated() { unsafe weights[output * taps + tap] = weight }
    }
    let kernel = unsafe ck_filter(
      taps: taps, starts: starts, counts: counts, weights: weights, lane_starts: laneStarts, lane_shuffles: shuffles,
      lane_weights: laneWeights)
    return unsafe (memory, kernel)
  }
}
