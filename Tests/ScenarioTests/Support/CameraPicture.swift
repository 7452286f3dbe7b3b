import MixCore

/// Pictures with moving texture and, readable after any codec, their number: a row of 16 black and white squares and
/// below it the same row inverted.
struct CameraPicture {
  private static let cells = 16
  private static let textures = 5

  private let pool = FramePool()
  private let noise: [UInt8]

  init() {
    var random = RandomNumbers(seed: 7)
    // Soft enough to cost about as many bits as a face in front of a wall.
    noise = (0..<4_096).map { _ in UInt8(112 + Int.random(in: 0..<32, using: &random)) }
  }

  func draw(_ number: Int, size: PixelSize) -> VideoFrame? {
    guard let frame = pool.acquire(size) else { return nil }
    let shift = number % Self.textures * 37
    for row in 0..<size.height {
      for column in 0..<size.width {
        unsafe frame.y.base[row * frame.y.stride + column] = noise[(row / 2 * 61 + column / 2 + shift) & 4_095]
      }
    }
    for row in 0..<frame.chromaHeight {
      unsafe (frame.u.base + row * frame.u.stride).update(repeating: 110, count: frame.chromaWidth)
      unsafe (frame.v.base + row * frame.v.stride).update(repeating: 140, count: frame.chromaWidth)
    }
    mark(number, in: frame)
    return frame
  }

  private func mark(_ number: Int, in frame: VideoFrame) {
    let cell = Self.cellSize(frame)
    guard cell >= 4 else { return }
    for bit in 0..<Self.cells {
      let isSet = number >> bit & 1 == 1
      for row in 0..<(2 * cell) {
        let value: UInt8 = isSet == (row < cell) ? 225 : 25
        unsafe (frame.y.base + row * frame.y.stride + bit * cell).update(repeating: value, count: cell)
      }
    }
  }

  /// The number modulo 65 536, or `nil` where none can be read with certainty.
  static func number(of frame: VideoFrame) -> Int? {
    let cell = cellSize(frame)
    guard cell >= 4, frame.height >= 2 * cell else { return nil }
    var number = 0
    for bit in 0..<cells {
      let (column, middle) = (bit * cell + cell / 2, cell / 2)
      let upper = unsafe frame.y.base[middle * frame.y.stride + column]
      let lower = unsafe frame.y.base[(cell + middle) * frame.y.stride + column]
      guard max(upper, lower) > 160, min(upper, lower) < 90 else { return nil }
      if upper > lower { number |= 1 << bit }
    }
    return number
  }

  /// Whole squares of eight for the usual size, so that they begin on the codec's blocks.
  private static func cellSize(_ frame: VideoFrame) -> Int { min(frame.width / 20 / 4 * 4, frame.height / 4) }
}

/// SplitMix64.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
