/// A colour in the matrix of BT.601, limited range.
public struct TestColor: Sendable, Equatable {
  public let y: UInt8
  public let u: UInt8
  public let v: UInt8

  static let white = TestColor(y: 235, u: 128, v: 128)
  static let black = TestColor(y: 16, u: 128, v: 128)

  /// Well apart from each other in chroma, dark enough for white letters.
  private static let palette = [
    TestColor(y: 72, u: 176, v: 104),  // blue
    TestColor(y: 96, u: 104, v: 190),  // red
    TestColor(y: 104, u: 92, v: 88),  // green
    TestColor(y: 92, u: 168, v: 168),  // magenta
    TestColor(y: 120, u: 64, v: 148),  // amber
    TestColor(y: 110, u: 150, v: 72),  // cyan
  ]

  /// The base colour of the participant number `hue`.
  public static func base(hue: Int) -> TestColor { palette[Int(hue.magnitude % UInt(palette.count))] }
}
