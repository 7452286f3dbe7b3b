/// The way from one scene to another.
///
/// Sources in both scenes move and grow, new ones fade in at their place, leaving ones fade out at theirs. Colours,
/// borders, fits and the stacking order are those of the new scene from the beginning.
public struct SceneTransition: Sendable {
  public let from: Scene
  public let to: Scene
  public let start: MediaTime
  public let duration: MediaTime

  public init(from: Scene, to: Scene, start: MediaTime, duration: MediaTime) {
    self.from = from
    self.to = to
    self.start = start
    self.duration = duration
  }

  public func isFinished(at time: MediaTime) -> Bool { time >= start + duration }

  public func scene(at time: MediaTime) -> Scene {
    guard !isFinished(at: time) else { return to }
    let progress = Self.eased(max(0, (time - start).seconds / duration.seconds))
    let moving = to.layers.map { layer in
      guard let old = from.layers.first(where: { $0.source == layer.source }) else {
        return layer.faded(Float(progress))
      }
      return old.moved(to: layer, progress: progress)
    }
    let leaving = from.layers
      .filter { old in !to.layers.contains { $0.source == old.source } }
      .map { $0.faded(Float(1 - progress)) }
    return Scene(canvas: to.canvas, background: to.background, layers: moving + leaving)
  }

  /// Begins and ends at rest (smoothstep).
  private static func eased(_ linear: Double) -> Double { linear * linear * (3 - 2 * linear) }
}

extension Layer {
  fileprivate func faded(_ part: Float) -> Layer {
    var layer = self
    layer.opacity *= part
    return layer
  }

  fileprivate func moved(to target: Layer, progress: Double) -> Layer {
    func between(_ old: Int, _ new: Int) -> Int { old + Int((Double(new &- old) * progress).rounded()) }
    let left = between(rectangle.x, target.rectangle.x).evenDown
    let top = between(rectangle.y, target.rectangle.y).evenDown
    var layer = target
    layer.rectangle = Rectangle(
      x: left, y: top,
      width: between(rectangle.maxX, target.rectangle.maxX).evenDown - left,
      height: between(rectangle.maxY, target.rectangle.maxY).evenDown - top)
    layer.opacity = opacity + (target.opacity - opacity) * Float(progress)
    layer.cornerRadius = between(cornerRadius, target.cornerRadius)
    return layer
  }
}
