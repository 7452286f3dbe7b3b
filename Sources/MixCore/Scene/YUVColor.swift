/// A colour as the planes hold it: BT.601 matrix, limited range.
public struct YUVColor: Hashable, Sendable, Codable {
  public var y, u, v: UInt8

  public init(y: UInt8, u: UInt8, v: UInt8) {
    self.y = y
    self.u = u
    self.v = v
  }

  public static let black = YUVColor(y: 16, u: 128, v: 128)
  public static let white = YUVColor(y: 235, u: 128, v: 128)
}
