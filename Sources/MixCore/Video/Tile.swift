/// One layer, resolved against the canvas and its picture.
struct Tile {
  /// Inside the canvas, even.
  let rectangle: Rectangle
  let frame: VideoFrame
  let fit: PictureFit
  /// Of the layer over what is below: 1 … 128.
  let weight: Int32
  let isDimmed: Bool
  let borderWidth: Int
  let borderColor: YUVColor
  /// Between the picture and the border.
  let ground: YUVColor
  /// In luma pixels, even.
  let radius: Int

  /// `nil` when nothing of it can be seen.
  init?(_ layer: Layer, frame: VideoFrame, state: LayerPicture.State, canvas: PixelSize) {
    rectangle = layer.rectangle.aligned(within: canvas)
    let opacity = layer.opacity.isNaN ? 0 : min(max(layer.opacity, 0), 1)
    weight = Int32((opacity * Float(PixelKernels.opaque)).rounded())
    guard !rectangle.isEmpty, weight > 0 else { return nil }
    self.frame = frame
    let limit = min(rectangle.width, rectangle.height) / 2
    // A picture of two by two pixels is left at least.
    borderWidth = ((layer.border?.width ?? 0).bounded(0, limit) + 1).evenDown.bounded(0, (limit - 1).evenDown)
    borderColor = layer.border?.color ?? .black
    radius = layer.cornerRadius.bounded(0, limit).evenDown
    isDimmed = state == .stale
    ground = state == .placeholder ? PlaceholderPicture.ground : .black
    fit = PictureFit(
      state == .placeholder ? .contain : layer.fit, picture: frame.size, area: rectangle.inset(by: borderWidth))
  }

  /// Of the picture inside a border.
  var innerRadius: Int { borderWidth == 0 ? 0 : max(0, radius - borderWidth) }

  var isOpaque: Bool { weight == PixelKernels.opaque && radius == 0 }

  /// Nothing but the picture: rows can be drawn in pieces.
  var isPlain: Bool { isOpaque && !isDimmed && fit.target == rectangle }
}
