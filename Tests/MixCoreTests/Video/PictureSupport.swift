import MixCore

/// Pictures for tests, plane by plane as arrays.
extension VideoFrame {
  static func make(_ width: Int, _ height: Int, _ color: YUVColor = .black) throws -> VideoFrame {
    let size = PixelSize(width: width, height: height)
    guard let frame = FramePool(capacity: 1).acquire(size) else { throw PictureError.refusedSize }
    frame.draw { _, _ in color }
    return frame
  }

  /// Every luma sample another value, so that any shift shows.
  static func pattern(_ width: Int, _ height: Int) throws -> VideoFrame {
    let frame = try make(width, height)
    frame.draw { x, y in
      YUVColor(
        y: UInt8(truncatingIfNeeded: x &* 7 &+ y &* 31), u: UInt8(truncatingIfNeeded: x &* 5 &+ y),
        v: UInt8(truncatingIfNeeded: x &+ y &* 11))
    }
    return frame
  }

  /// - Parameter color: of a sample; `u` and `v` are asked for in chroma coordinates.
  func draw(_ color: (Int, Int) -> YUVColor) {
    for row in 0..<height {
      for column in 0..<width { unsafe y.base[row * y.stride + column] = color(column, row).y }
    }
    for row in 0..<chromaHeight {
      for column in 0..<chromaWidth {
        unsafe u.base[row * u.stride + column] = color(column, row).u
        unsafe v.base[row * v.stride + column] = color(column, row).v
      }
    }
  }

  func luma(_ column: Int, _ row: Int) -> UInt8 { unsafe y.base[row * y.stride + column] }

  /// The colour of a luma pixel.
  func color(_ column: Int, _ row: Int) -> YUVColor {
    unsafe YUVColor(
      y: luma(column, row), u: u.base[row / 2 * u.stride + column / 2], v: v.base[row / 2 * v.stride + column / 2])
  }

  var lumaRows: [[UInt8]] { (0..<height).map { row in (0..<width).map { luma($0, row) } } }

  var chromaRows: [[UInt8]] {
    (0..<chromaHeight).map { row in (0..<chromaWidth).map { unsafe u.base[row * u.stride + $0] } }
      + (0..<chromaHeight).map { row in (0..<chromaWidth).map { unsafe v.base[row * v.stride + $0] } }
  }
}

enum PictureError: Error {
  case refusedSize
}

/// One scene drawn on a canvas full of garbage.
func rendered(
  _ layers: [Layer], _ pictures: [LayerPicture], width: Int, height: Int, background: YUVColor = .black,
  kernels: PixelKernels = .best
) throws -> VideoFrame {
  let canvas = try VideoFrame.make(width, height, YUVColor(y: 77, u: 3, v: 250))
  var compositor = Compositor(kernels: kernels)
  let scene = Scene(canvas: canvas.size, background: background, layers: layers)
  compositor.render(scene, pictures: pictures, into: canvas)
  return canvas
}

func layer(
  _ name: String, _ x: Int, _ y: Int, _ width: Int, _ height: Int, z: Int = 0, opacity: Float = 1,
  fit: Layer.Fit = .cover, border: Layer.Border? = nil, radius: Int = 0
) -> Layer {
  Layer(
    source: SourceID(name), rectangle: Rectangle(x: x, y: y, width: width, height: height), zIndex: z,
    opacity: opacity, fit: fit, border: border, cornerRadius: radius)
}

func picture(_ name: String, _ frame: VideoFrame?, _ state: LayerPicture.State = .live) -> LayerPicture {
  LayerPicture(source: SourceID(name), frame: frame, state: state)
}
