import CKernels
import Glibc

/// Reads the sample queue a little faster or slower than it was recorded: 16-tap windowed sinc, whose 64 tabulated phases
/// are interpolated, so that the image is below −80 dB and any speed is possible.
struct FractionalResampler: Sendable {
  /// Frames that must stand before and after the frame that is being read.
  static let before = Int(CK_INTERPOLATOR_CENTRE)
  static let after = Int(CK_INTERPOLATOR_TAPS)

  private static let one: UInt64 = 1 << 32

  /// Where between two frames the next output lies, Q32.
  private var fraction: UInt64 = 0
  private var speed: Double = 1

  /// Frames that must be queued before ten milliseconds can be read at `target`.
  func framesNeeded(for target: Double) -> Int {
    Int((Double(AudioFormat.tickFrames) * max(speed, target)).rounded(.up)) + Self.after + 1
  }

  /// Writes ten milliseconds, going evenly from the last speed to `target` (input frames per output frame).
  /// - Returns: frames consumed.
  mutating func read(_ queue: inout SampleQueue, speed target: Double, into output: inout [Float]) -> Int {
    let frames = AudioFormat.tickFrames
    guard output.count >= AudioFormat.tickValues, queue.count >= framesNeeded(for: target) else { return 0 }
    let step = UInt64(speed * Double(Self.one))
    let change = Int64((target - speed) / Double(frames) * Double(Self.one))
    speed = target
    if fraction == 0 && step == Self.one && change == 0 {
      queue.copy(to: &output, frames: frames)
    } else {
      let start = fraction
      fraction = unsafe queue.withHead { head in
        unsafe output.withUnsafeMutableBufferPointer { values in
          unsafe Self.table.withUnsafeBufferPointer { table in
            guard let to = values.baseAddress, let weights = table.baseAddress else { return start }
            return unsafe ck_interpolate_stereo(to, head, weights, frames, start, step, change)
          }
        }
      }
    }
    let consumed = fraction == 0 ? frames : Int(fraction >> 32)
    fraction &= Self.one - 1
    queue.consume(consumed)
    return consumed
  }

  /// Kaiser-windowed sinc (β = 8), cut off at 0.46 of the sample rate, each weight once per channel.
  private static let table: [Float] = {
    let taps = Int(CK_INTERPOLATOR_TAPS)
    let phases = 1 << Int(CK_INTERPOLATOR_PHASE_BITS)
    return (0...phases).flatMap { phase -> [Float] in
      let weights = (0..<taps).map { tap -> Double in
        let distance = Double(tap - before) - Double(phase) / Double(phases)
        return sinc(distance * 0.92) * kaiser(distance / Double(taps / 2), beta: 8)
      }
      let sum = weights.reduce(0, +)
      return weights.flatMap { weight in [Float(weight / sum), Float(weight / sum)] }
    }
  }()

  private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(Double.pi * x) / (Double.pi * x) }

  private static func kaiser(_ x: Double, beta: Double) -> Double {
    abs(x) >= 1 ? 0 : bessel(beta * (1 - x * x).squareRoot()) / bessel(beta)
  }

  /// Modified Bessel function of the first kind, order zero, by its power series.
  private static func bessel(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for order in 1..<40 {
      term *= (x / 2 / Double(order)) * (x / 2 / Double(order))
      sum += term
    }
    return sum
  }
}
