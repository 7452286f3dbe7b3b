import ArgumentParser
import Foundation
import MediaControl
import MixCore

/// Reads the JSON of `GET …/scene` as a fixed scene.
enum SceneFile {
  static func read(_ path: String, canvas: PixelSize) throws -> Scene {
    let description: SceneDescription
    do {
      description = try JSONDecoder().decode(SceneDescription.self, from: Data(contentsOf: URL(filePath: path)))
    } catch {
      throw ValidationError("--scene \(path): cannot be read as a scene (\(error.localizedDescription))")
    }
    let layers = try description.layers.map { try layer($0, path: path, canvas: canvas) }
    return Scene(canvas: canvas, layers: layers)
  }

  private static func layer(_ layer: SceneDescription.Layer, path: String, canvas: PixelSize) throws -> Layer {
    let rectangle = Rectangle(x: layer.x, y: layer.y, width: layer.width, height: layer.height)
    let limit = PixelLimits.longSide
    guard [layer.x, layer.y].allSatisfy({ (-limit...limit).contains($0) }),
      [layer.width, layer.height].allSatisfy({ (2...limit).contains($0) })
    else { throw ValidationError("--scene \(path): the layer of \(layer.userId) is out of range") }
    return Layer(source: SourceID(layer.userId), rectangle: rectangle, zIndex: layer.zIndex)
  }
}
