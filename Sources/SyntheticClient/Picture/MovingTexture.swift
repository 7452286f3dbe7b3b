import MixCore

/// A field of smooth noise in the right half of the picture that drifts diagonally: motion an encoder must follow.
struct MovingTexture: Sendable {
  /// `side` × `side` values that repeat without a seam.
  private let values: [UInt8]

  private static let side = 256
  /// Distance of the random points between which the values are interpolated.
  private static let grain = 8
  /// Pixels per picture, across and down.
  private static let drift = (x: 3, y: 1)

  init(seed: UInt64) {
    let count = Self.side / Self.grain
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    let points = (0..<(count * count)).map { _ -> Int in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 40 + Int(state >> 33) % 160
    }
    values = (0..<(Self.side * Self.side)).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: Self.side)
      let (top, left) = (row / Self.grain, column / Self.grain)
      let (down, across) = (row % Self.grain, column % Self.grain)
      func point(_ y: Int, _ x: Int) -> Int { points[y % count * count + x % count] }
      let upper = point(top, left) * (Self.grain - across) + point(top, left + 1) * across
      let lower = point(top + 1, left) * (Self.grain - across) + point(top + 1, left + 1) * across
      return UInt8((upper * (Self.grain - down) + lower * down) / (Self.grain * Self.grain))
    }
  }

  func draw(number: Int, into frame: VideoFrame) {
    let left = frame.width / 2
    let rows = (frame.height / 8)..<(frame.height * 5 / 8)
    let mask = Self.side - 1
    unsafe values.withUnsafeBufferPointer { values in
      for row in rows {
        let line = unsafe frame.y.base + row * frame.y.stride
        let source = (row &+ number &* Self.drift.y) & mask &* Self.side
        for column in left..<(frame.width * 19 / 20) {
          unsafe line[column] = values[source &+ ((column &+ number &* Self.drift.x) & mask)]
        }
      }
    }
  }
}
