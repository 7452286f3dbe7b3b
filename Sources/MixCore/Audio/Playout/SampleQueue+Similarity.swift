/// Finding places where a piece can be left out or repeated unheard.
extension SampleQueue {
  /// Largest value among the frames `first ..< first + frames` after the head.
  func peak(from first: Int, frames: Int) -> Float {
    guard first >= 0, frames > 0, first + frames <= count else { return 0 }
    return unsafe withHead { head in
      unsafe AudioKernels.strength(UnsafeBufferPointer(start: head + 2 * first, count: 2 * frames)).peak
    }
  }

  /// How many of the first `limit` frames stay below `threshold`, in steps of 2.5 ms.
  func quietFrames(below threshold: Float, limit: Int) -> Int {
    let step = 120
    var quiet = 0
    while quiet + step <= min(limit, count), peak(from: quiet, frames: step) < threshold { quiet += step }
    return quiet
  }

  /// The distance in `range` (negative: before the head) at which the sound is most like the sound at the head.
  func mostSimilar(in range: ClosedRange<Int>, length: Int) -> (distance: Int, likeness: Float) {
    let last = min(range.upperBound, count - length)
    let first = max(range.lowerBound, -Self.history)
    guard first <= last, length <= count else { return (range.lowerBound, 0) }
    return unsafe withHead { head in
      // Roughly first, then every distance around the best one.
      let rough = unsafe Self.best(of: stride(from: first, through: last, by: 4), at: head, length: length)
      let around = stride(from: max(first, rough.distance - 3), through: min(last, rough.distance + 3), by: 1)
      return unsafe Self.best(of: around, at: head, length: length)
    }
  }

  private static func best(
    of distances: StrideThrough<Int>, at head: UnsafePointer<Float>, length: Int
  ) -> (distance: Int, likeness: Float) {
    var best = (distance: 0, likeness: -Float.infinity)
    for distance in distances {
      let likeness = unsafe Self.likeness(head, head + 2 * distance, frames: length)
      if likeness > best.likeness { best = (distance, likeness) }
    }
    return best
  }

  /// Normalised correlation of two pieces, both channels summed, every other frame.
  private static func likeness(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, frames: Int) -> Float {
    var product: Float = 0
    var energyA: Float = 1e-9
    var energyB: Float = 1e-9
    var index = 0
    while index < 2 &* frames {
      let x = unsafe a[index] + a[index &+ 1]
      let y = unsafe b[index] + b[index &+ 1]
      product += x * y
      energyA += x * x
      energyB += y * y
      index &+= 4
    }
    return product / (energyA * energyB).squareRoot()
  }
}
