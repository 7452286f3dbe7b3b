import Foundation
import MediaControl
import MixCore

/// Reads the JSON of `GET …/scene` as a fixed scene.
enum SceneFile {
  /// What of the JSON matters here; a scene is drawn as it is, whatever layout it came from.
  private struct Document: Decodable {
    var canvas: SceneDescription.Canvas?
    var layers: [SceneDescription.Layer]
  }

  static func read(_ path: String, canvas: PixelSize) throws -> Scene {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(contentsOf: URL(filePath: path)))
    } catch let error as DecodingError {
      throw CommandFailure(message: "--scene \(path): \(explanation(of: error))")
    } catch {
      throw CommandFailure(message: "--scene \(path): cannot be read (\(error.localizedDescription))")
    }
    if let asked = document.canvas, asked.width != canvas.width || asked.height != canvas.height {
      let sizes = "canvas is \(asked.width)x\(asked.height), --size is \(canvas.width)x\(canvas.height)"
      throw CommandFailure(message: "--scene \(path): \(sizes)")
    }
    return Scene(canvas: canvas, layers: try document.layers.map { try layer($0, path: path) })
  }

  private static func explanation(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) has the wrong type"
    default: "is not valid JSON"
    }
  }

  /// Such as `layers.0.x`.
  private static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "the document" }
    return path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }

  private static func layer(_ layer: SceneDescription.Layer, path: String) throws -> Layer {
    let rectangle = Rectangle(x: layer.x, y: layer.y, width: layer.width, height: layer.height)
    let limit = PixelLimits.longSide
    guard [layer.x, layer.y].allSatisfy({ (-limit...limit).contains($0) }),
      [layer.width, layer.height].allSatisfy({ (2...limit).contains($0) })
    else { throw CommandFailure(message: "--scene \(path): the layer of \(layer.userId) is out of range") }
    return Layer(source: SourceID(layer.userId), rectangle: rectangle, zIndex: layer.zIndex)
  }
}
