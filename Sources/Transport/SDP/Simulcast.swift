/// Several encodings of one picture on one m-section (RFC 8853), told apart by RIDs (RFC 8851).
public enum Simulcast {
  /// What browsers send.
  public static let maximumLayers = 4

  enum Direction: String {
    case send
    case receive = "recv"

    var opposite: Direction { self == .send ? .receive : .send }
  }

  /// The RIDs of the layers `section` wants to go in `direction`, in its order, as far as they come with the codec of
  /// `payloadType`. Of alternatives the first is taken.
  static func layers(of section: MediaDescription, direction: Direction, payloadType: UInt8) -> [String] {
    let extensions = section.headerExtensions
    guard extensions[.rid] != 0, extensions[.mid] != 0, let value = section.attributes.first("simulcast") else {
      return []
    }
    let described = section.attributes.all("rid")
    var layers: [String] = []
    for stream in list(value, direction: direction).split(separator: ";") {
      guard let first = stream.split(separator: ",").first else { continue }
      // A tilde marks a stream that begins paused.
      let rid = String(first.drop { $0 == "~" })
      guard isRID(rid), !layers.contains(rid), layers.count < maximumLayers,
        isDescribed(rid, in: described, direction: direction, payloadType: payloadType)
      else { continue }
      layers.append(rid)
    }
    return layers
  }

  /// `send a;b recv c`: what follows the word of the direction.
  private static func list(_ value: String, direction: Direction) -> Substring {
    let words = value.split(separator: " ")
    guard let place = words.firstIndex(where: { $0 == direction.rawValue }), place + 1 < words.count else { return "" }
    return words[place + 1]
  }

  static func isRID(_ rid: String) -> Bool {
    ExtensionToken(rid) != nil
      && rid.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-_".utf8.contains(byte)
        }
      }
  }

  /// `a=rid:ID send [pt=96,97;max-width=640;…]`: the direction fits, and the codec is not excluded.
  private static func isDescribed(
    _ rid: String, in lines: [String], direction: Direction, payloadType: UInt8
  ) -> Bool {
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count >= 2, words[0] == rid, words[1] == direction.rawValue else { continue }
      let restrictions = words.count > 2 ? words[2].split(separator: ";") : []
      guard let types = restrictions.first(where: { $0.hasPrefix("pt=") }) else { return true }
      return types.dropFirst(3).split(separator: ",").contains { UInt8($0) == payloadType }
    }
    return false
  }

  static func write(_ layers: [String], direction: Direction, into attributes: inout [SDPAttribute]) {
    guard !layers.isEmpty else { return }
    for layer in layers { attributes.add("rid", "\(layer) \(direction.rawValue)") }
    attributes.add("simulcast", "\(direction.rawValue) \(layers.joined(separator: ";"))")
  }
}

extension NegotiatedMedia {
  /// Keeps of what was offered the layers that were accepted, each with its sources.
  mutating func keepLayers(_ accepted: [String]) {
    let offered = Array(zip(layers, layerSources))
    let kept = accepted.compactMap { layer in offered.first { $0.0 == layer } }
    layers = kept.map(\.0)
    layerSources = kept.map(\.1)
    if let first = layerSources.first { (localSSRC, localRTXSSRC) = (first.ssrc, first.repair) }
  }
}
