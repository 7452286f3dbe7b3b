/// How much there is to encode in a picture, estimated from every eighth row of its luma.
struct PictureActivity: Sendable {
  /// Differences between neighbours in a row: goes with what the picture costs encoded on its own.
  private(set) var texture = 0.0
  /// Mean difference from the picture before.
  private(set) var novelty = 0.0
  private var before: [UInt8] = []

  private static let step = 8
  /// Per sample: even a plain picture has a little.
  private static let least = 0.2

  init(texture: Double = 0, novelty: Double = 0) {
    self.texture = texture
    self.novelty = novelty
  }

  mutating func measure(_ frame: VideoFrame) {
    let (width, rows) = (frame.width, (frame.height + Self.step - 1) / Self.step)
    if before.count != width * rows { before = [UInt8](repeating: 0, count: width * rows) }
    var (steps, changes) = (0, 0)
    unsafe before.withUnsafeMutableBufferPointer { memory in
      guard let memory = memory.baseAddress else { return }
      for row in 0..<rows {
        let samples = unsafe UnsafePointer(frame.y.base + row * Self.step * frame.y.stride)
        let old = unsafe memory + row * width
        unsafe steps += Self.difference(samples + 1, samples, count: width - 1)
        unsafe changes += Self.difference(samples, old, count: width)
        unsafe old.update(from: samples, count: width)
      }
    }
    texture = Double(steps * Self.step) + Self.least * Double(width * frame.height)
    novelty = Double(changes) / Double(width * rows)
  }

  @unsafe private static func difference(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, count: Int) -> Int
  {
    var sum: UInt32 = 0
    for index in 0..<count {
      let (a, b) = unsafe (one[index], other[index])
      sum &+= UInt32(max(a, b) &- min(a, b))
    }
    return Int(sum)
  }
}
