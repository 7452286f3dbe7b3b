import Glibc

/// A gain that changes over 20 ms of equal power: the squares follow sin², so that two opposite ramps add up to the
/// loudness of one.
struct GainRamp {
  private(set) var target: Float
  private var origin: Float
  private var done = GainRamp.length

  /// Frames of one ramp.
  static let length = 2 * AudioFormat.tickFrames

  /// sin² of the way from 0 to a right angle.
  private static let shape: [Float] = (0..<length).map { step in
    let sine = sin(Double.pi / 2 * (Double(step) + 0.5) / Double(length))
    return Float(sine * sine)
  }

  init(_ gain: Float) {
    target = gain
    origin = gain
  }

  var isSteady: Bool { done == Self.length }
  var isOff: Bool { isSteady && target == 0 }

  /// The gain right now.
  var current: Float {
    isSteady ? target : mixed(Self.shape[done])
  }

  mutating func move(to gain: Float) {
    guard gain != target else { return }
    origin = current
    target = gain
    done = 0
  }

  /// Writes the gains of the next ten milliseconds.
  mutating func fill(_ gains: inout [Float]) {
    let start = done
    let first = origin * origin
    let change = target * target - first
    unsafe Self.shape.withUnsafeBufferPointer { shape in
      unsafe gains.withUnsafeMutableBufferPointer { output in
        let count = min(output.count, AudioFormat.tickFrames)
        for frame in 0..<count {
          // The second half of the table is as long as a tick, so the index stays inside while a ramp is running.
          let way = unsafe shape[min(start &+ frame, Self.length &- 1)]
          unsafe output[frame] = (first + change * way).squareRoot()
        }
      }
    }
    done = min(done + AudioFormat.tickFrames, Self.length)
  }

  private func mixed(_ way: Float) -> Float {
    (origin * origin + (target * target - origin * origin) * way).squareRoot()
  }
}
