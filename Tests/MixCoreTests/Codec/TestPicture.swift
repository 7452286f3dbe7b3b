import Glibc
import MixCore

/// Pictures with known content for codec tests.
enum TestPicture {
  /// A diagonal ramp that moves by four pixels per `index`, with slow colour ramps.
  static func ramp(_ index: Int, size: PixelSize, from pool: FramePool) -> VideoFrame? {
    guard let frame = pool.acquire(size) else { return nil }
    unsafe fill(frame.y) { x, y in UInt8(32 + (x + y + 4 * index) % 192) }
    unsafe fill(frame.u) { x, _ in UInt8(96 + x % 64) }
    unsafe fill(frame.v) { _, y in UInt8(96 + y % 64) }
    return frame
  }

  /// Peak signal to noise ratio of the luma, in dB.
  static func luminancePSNR(_ a: VideoFrame, _ b: VideoFrame) -> Double {
    guard a.size == b.size else { return 0 }
    var squares = 0
    for row in 0..<a.height {
      for column in 0..<a.width {
        let left = unsafe Int(a.y.base[row * a.y.stride + column])
        let right = unsafe Int(b.y.base[row * b.y.stride + column])
        squares += (left - right) * (left - right)
      }
    }
    let mean = max(Double(squares) / Double(a.width * a.height), 1e-6)
    return 10 * log10(255 * 255 / mean)
  }

  private static func fill(_ plane: Plane, _ value: (Int, Int) -> UInt8) {
    for row in unsafe 0..<plane.height {
      for column in unsafe 0..<plane.width { unsafe plane.base[row * plane.stride + column] = value(column, row) }
    }
  }
}

/// A small repeatable source of randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
