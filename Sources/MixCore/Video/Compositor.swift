/// Draws scenes. Keeps tables and scratch memory from frame to frame, so a steady scene allocates nothing.
public struct Compositor: ~Copyable, Sendable {
  private let kernels: PixelKernels
  private let scratch = TilePainter.Scratch()
  private var filters = FilterCache()
  private var corners = CornerMaskCache()
  private let placeholder = PlaceholderPicture.frame
  private var tiles: [Tile] = []
  private var region = VisibleRegion()

  public init() { self.init(kernels: .best) }

  package init(kernels: PixelKernels) { self.kernels = kernels }

  /// Draws `scene` over the whole of `canvas`, which nobody else may hold.
  ///
  /// Opaque samples are written once: no layer and no background is drawn where an opaque layer is above it. Layers
  /// without an entry in `pictures` show the placeholder.
  public mutating func render(_ scene: Scene, pictures: [LayerPicture], into canvas: VideoFrame) {
    resolve(scene, pictures: pictures, canvas: canvas.size)
    region.reset(to: Rectangle(canvas.size))
    subtractOpaqueTiles(from: 0)
    for part in region.parts { canvas.fill(part, with: scene.background) }
    for index in tiles.indices {
      region.reset(to: tiles[index].rectangle)
      subtractOpaqueTiles(from: index + 1)
      if !region.parts.isEmpty { draw(tiles[index], into: canvas) }
    }
    // Frames must not wait here for the next tick to go back to their pool.
    tiles.removeAll(keepingCapacity: true)
  }

  private mutating func resolve(_ scene: Scene, pictures: [LayerPicture], canvas: PixelSize) {
    tiles.removeAll(keepingCapacity: true)
    for layer in scene.layers {
      var frame = placeholder
      var state = LayerPicture.State.placeholder
      if let picture = pictures.first(where: { $0.source == layer.source }), picture.state != .placeholder,
        let shown = picture.frame
      {
        (frame, state) = (shown, picture.state)
      }
      if let tile = Tile(layer, frame: frame, state: state, canvas: canvas) { tiles.append(tile) }
    }
  }

  private mutating func subtractOpaqueTiles(from first: Int) {
    for index in tiles.indices.dropFirst(first) where tiles[index].isOpaque {
      region.subtract(tiles[index].rectangle)
    }
  }

  private mutating func draw(_ tile: Tile, into canvas: VideoFrame) {
    let frame = tile.frame
    unsafe draw(tile, frame.y, into: canvas.y, shift: 0, border: tile.borderColor.y, ground: tile.ground.y)
    unsafe draw(tile, frame.u, into: canvas.u, shift: 1, border: tile.borderColor.u, ground: tile.ground.u)
    unsafe draw(tile, frame.v, into: canvas.v, shift: 1, border: tile.borderColor.v, ground: tile.ground.v)
  }

  /// - Parameter shift: 1 where the plane has half the resolution.
  @unsafe private mutating func draw(
    _ tile: Tile, _ source: Plane, into target: Plane, shift: Int, border: UInt8, ground: UInt8
  ) {
    let place = tile.rectangle.halved(shift)
    let picture = tile.fit.target.halved(shift)
    let scaler = unsafe PlaneScaler(
      source: source.cropped(to: tile.fit.source.halved(shift)), to: picture.size, kernels: kernels,
      filters: &filters, line: scratch.line)
    let painter = unsafe TilePainter(
      kernels: kernels, scratch: scratch, scaler: scaler, weight: tile.weight, isDimmed: tile.isDimmed && shift == 0,
      border: tile.borderWidth >> shift, borderValue: border, groundValue: ground,
      outer: corners.mask(radius: tile.radius >> shift),
      inner: corners.mask(radius: tile.innerRadius >> shift), size: place.size,
      picture: Rectangle(
        x: picture.x - place.x, y: picture.y - place.y, width: picture.width, height: picture.height),
      origin: target.base + place.y * target.stride + place.x, stride: target.stride)
    guard tile.isPlain else { return painter.paint() }
    for part in region.parts {
      var local = part.halved(shift)
      local.x -= place.x
      local.y -= place.y
      painter.paint(local)
    }
  }
}
