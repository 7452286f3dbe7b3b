import Foundation
import Signaling

/// The gifts of a server as a JSON list: `[{"id", "name": {"zh", "en"}, "emoji", "price"}]`.
enum GiftFile {
  static func read(_ path: String) throws -> GiftCatalogue {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(message: "the setting gifts: \(path) cannot be read")
    }
    do {
      if let catalogue = GiftCatalogue(try JSONDecoder().decode([Gift].self, from: data)) { return catalogue }
    } catch {
      throw CommandFailure(message: "the setting gifts: \(path): \(CommandFailure.reason(of: error))")
    }
    throw CommandFailure(
      message: "the setting gifts: \(path): at most 100 gifts with unique ids of a–z, 0–9 and -, names, an emoji, "
        + "and a price of 0 to 1000000 are expected")
  }
}
