public import MixCore

/// A frame number that survives encoding and scaling: a row of black and white cells near the upper left corner,
/// placed in proportion to the width of the picture.
///
/// Cells from the left: white, black, 24 bits of the number (highest first), 4 bits of check sum.
public enum FrameMark {
  /// Numbers are taken modulo this.
  public static let modulus = 1 << numberBits

  private static let numberBits = 24
  private static let checkBits = 4
  private static let cells = 2 + numberBits + checkBits
  /// Cells that would fit side by side across the picture.
  private static let cellsAcross = 80

  static func draw(_ number: Int, with brush: PictureBrush) {
    let width = brush.frame.width
    for cell in 0..<cells {
      let (left, right) = (edge(cell, width), edge(cell + 1, width))
      brush.fill(
        x: left, y: edge(0, width), width: right - left, height: edge(1, width) - edge(0, width),
        bit(cell, of: number) ? .white : .black)
    }
  }

  /// The number in `frame`, or `nil` when there is none or it cannot be read with certainty.
  public static func read(_ frame: VideoFrame) -> Int? {
    guard frame.width >= 2 * cellsAcross, frame.height > edge(1, frame.width) else { return nil }
    var bits = 0
    for cell in 0..<cells {
      let level = brightness(cell, in: frame)
      // Halfway values are neither: the cell is covered or damaged.
      if (90...160).contains(level) { return nil }
      bits = bits << 1 | (level > 125 ? 1 : 0)
    }
    let number = bits >> checkBits & (modulus - 1)
    return (0..<cells).allSatisfy { bit($0, of: number) == (bits >> (cells - 1 - $0) & 1 == 1) } ? number : nil
  }

  private static func edge(_ cell: Int, _ width: Int) -> Int { (cell + 2) * width / cellsAcross }

  private static func bit(_ cell: Int, of number: Int) -> Bool {
    switch cell {
    case 0: true
    case 1: false
    case ..<(2 + numberBits): number >> (numberBits + 1 - cell) & 1 == 1
    default: checkSum(number) >> (cells - 1 - cell) & 1 == 1
    }
  }

  /// The groups of four bits, folded; never 0 for the number 0, so that a black row is no mark.
  private static func checkSum(_ number: Int) -> Int {
    var sum = 0b1010
    for shift in stride(from: 0, to: numberBits, by: checkBits) { sum ^= number >> shift & 0xf }
    return sum
  }

  /// Mean luma of the inner half of a cell, away from blurred edges.
  private static func brightness(_ cell: Int, in frame: VideoFrame) -> Int {
    let (left, right) = (edge(cell, frame.width), edge(cell + 1, frame.width))
    let (top, bottom) = (edge(0, frame.width), edge(1, frame.width))
    let (insetX, insetY) = ((right - left) / 4, (bottom - top) / 4)
    var sum = 0
    var count = 0
    for row in (top + insetY)..<(bottom - insetY) {
      for column in (left + insetX)..<(right - insetX) {
        sum += unsafe Int(frame.y.base[row * frame.y.stride + column])
        count += 1
      }
    }
    return count == 0 ? 125 : sum / count
  }
}
