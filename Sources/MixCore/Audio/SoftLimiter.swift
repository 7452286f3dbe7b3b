import Glibc

/// Keeps the bus below full scale: bit-transparent while peaks stay under −1 dBFS, above that the gain goes down ahead of
/// the peak and slowly comes back.
///
/// Works in hops of half a millisecond. The wanted gain of a hop is the least of its samples' gains; boundary gains
/// average ten running minima, each over eleven hops, so that both ends of every hop are at most what the hop wants, and
/// the gain between them runs evenly.
struct SoftLimiter {
  /// Frames by which the output is later than the input: 5 ms.
  static let latency = hopFrames * smoothing

  private static let hopFrames = 24
  private static let smoothing = 10
  /// −1 dBFS.
  private static let threshold: Float = 0.891_250_94
  /// Share of the missing gain that comes back per hop: 80 ms to 1/e.
  private static let recovery: Float = 0.006_23

  /// The bus so far: `latency` frames of the past, then the current block.
  private var delayed = [Float](repeating: 0, count: 2 * (latency + AudioFormat.tickFrames))
  private var wanted = [Float](repeating: 1, count: smoothing + 1)
  private var minima = [Float](repeating: 1, count: smoothing)
  private var hop = 0
  private var boundary: Float = 1
  /// Hops since something was above the threshold, up to the point where nothing of it is left.
  private var quietHops = Int.max / 2

  /// Replaces ten milliseconds by ten limited milliseconds, `latency` later.
  mutating func process(_ block: inout [Float]) {
    guard block.count >= AudioFormat.tickValues else { return }
    enqueue(block)
    for index in 0..<(AudioFormat.tickFrames / Self.hopFrames) {
      let gain = nextBoundary(peak: peak(ofHop: index))
      emit(hop: index, from: boundary, to: gain, into: &block)
      boundary = gain
    }
    clip(&block)
  }

  private mutating func enqueue(_ block: [Float]) {
    let past = 2 * Self.latency
    unsafe delayed.withUnsafeMutableBufferPointer { memory in
      unsafe block.withUnsafeBufferPointer { input in
        for index in 0..<past { unsafe memory[index] = memory[index &+ AudioFormat.tickValues] }
        for index in 0..<AudioFormat.tickValues { unsafe memory[past &+ index] = input[index] }
      }
    }
  }

  private func peak(ofHop index: Int) -> Float {
    unsafe delayed.withUnsafeBufferPointer { memory in
      let start = 2 * (Self.latency + index * Self.hopFrames)
      return unsafe AudioKernels.strength(UnsafeBufferPointer(rebasing: memory[start..<(start + 2 * Self.hopFrames)]))
        .peak
    }
  }

  /// The gain at the border between the two hops that now are `smoothing` hops old.
  private mutating func nextBoundary(peak: Float) -> Float {
    let gain = Self.gain(forPeak: peak)
    wanted[hop % wanted.count] = gain
    quietHops = gain < 1 ? 0 : quietHops &+ 1
    let last = minima[(hop + minima.count - 1) % minima.count]
    if quietHops > wanted.count && last == 1 && boundary == 1 && minima.allSatisfy({ $0 == 1 }) {
      minima[hop % minima.count] = 1
      hop = (hop + 1) % (wanted.count * minima.count)
      return 1
    }
    let least = wanted.reduce(1, min)
    let recovered = last + (1 - last) * Self.recovery
    minima[hop % minima.count] = min(least, recovered > 0.999_9 ? 1 : recovered)
    hop = (hop + 1) % (wanted.count * minima.count)
    return minima.reduce(0, +) / Float(minima.count)
  }

  /// Above the threshold peaks bend towards full scale, which only infinity reaches.
  private static func gain(forPeak peak: Float) -> Float {
    guard peak > threshold else { return 1 }
    let room = 1 - threshold
    let excess = (peak - threshold) / room
    return (threshold + room * (excess / (1 + excess))) / peak
  }

  private func emit(hop index: Int, from first: Float, to last: Float, into block: inout [Float]) {
    let start = 2 * index * Self.hopFrames
    let step = (last - first) / Float(Self.hopFrames)
    unsafe delayed.withUnsafeBufferPointer { memory in
      unsafe block.withUnsafeMutableBufferPointer { output in
        if first == 1 && last == 1 {
          for value in start..<(start + 2 * Self.hopFrames) { unsafe output[value] = memory[value] }
          return
        }
        for frame in 0..<Self.hopFrames {
          let gain = first + step * Float(frame)
          unsafe output[start &+ 2 &* frame] = memory[start &+ 2 &* frame] * gain
          unsafe output[start &+ 2 &* frame &+ 1] = memory[start &+ 2 &* frame &+ 1] * gain
        }
      }
    }
  }

  /// Rounding may exceed full scale by the last bit.
  private func clip(_ block: inout [Float]) {
    unsafe block.withUnsafeMutableBufferPointer { values in
      for index in values.indices { unsafe values[index] = max(-1, min(1, values[index])) }
    }
  }
}
