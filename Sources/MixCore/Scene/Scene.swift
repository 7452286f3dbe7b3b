/// One source's place in the programme.
public struct Layer: Sendable, Equatable {
  /// What happens when the picture and its rectangle differ in shape.
  public enum Fit: String, Sendable, Codable, CaseIterable {
    /// The picture fills the rectangle; what does not fit is cut off, as much on either side.
    case cover
    /// The whole picture is shown between black bars.
    case contain
  }

  /// A frame of one colour along the inside of the rectangle.
  public struct Border: Sendable, Equatable {
    /// In luma pixels; rounded up to an even number.
    public var width: Int
    public var color: YUVColor

    public init(width: Int, color: YUVColor) {
      self.width = width
      self.color = color
    }
  }

  public var source: SourceID
  public var rectangle: Rectangle
  public var zIndex: Int
  /// 0 … 1.
  public var opacity: Float
  public var fit: Fit
  public var border: Border?
  /// Radius of the rounded corners in luma pixels.
  public var cornerRadius: Int

  public init(
    source: SourceID, rectangle: Rectangle, zIndex: Int = 0, opacity: Float = 1, fit: Fit = .cover,
    border: Border? = nil, cornerRadius: Int = 0
  ) {
    self.source = source
    self.rectangle = rectangle
    self.zIndex = zIndex
    self.opacity = opacity
    self.fit = fit
    self.border = border
    self.cornerRadius = cornerRadius
  }
}

/// What the programme shows at one instant.
public struct Scene: Sendable, Equatable {
  public var canvas: PixelSize
  public var background: YUVColor
  /// From the lowest to the highest.
  public var layers: [Layer]

  /// - Parameter layers: in any order; equal `zIndex`es keep theirs.
  public init(canvas: PixelSize, background: YUVColor = .black, layers: [Layer] = []) {
    self.canvas = canvas
    self.background = background
    self.layers = layers.enumerated()
      .sorted { ($0.element.zIndex, $0.offset) < ($1.element.zIndex, $1.offset) }
      .map(\.element)
  }
}
