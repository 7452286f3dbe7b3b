import MixCore

/// Chooses the simulcast layer that is decoded for the programme: the smallest that fills the rectangle.
struct ProgramLayer: Sendable {
  /// A layer so far behind the others is given up for one of them.
  static let silence = MediaTime.milliseconds(500)
  /// A layer that comes back must have stayed for so long.
  private static let trust = MediaTime.seconds(1)
  /// One that is missing so little of the rectangle is not left for a larger one.
  private static let tolerance = 0.9

  /// The chosen one; `nil` until the first packets of any came.
  private(set) var layer: Int?
  /// When each layer was found silent last.
  private var lastSilent: [MediaTime] = []

  /// Before anything came it is the first: its key frame must find somebody who waits for it.
  mutating func choose(among offers: [LayerOffer], for rectangle: PixelSize, at now: MediaTime) -> Int? {
    noteSilence(offers, at: now)
    let usable = offers.filter { $0.isActive && (layer == nil || now - lastSilent[$0.layer] >= Self.trust) }
    let sorted = usable.sorted(by: LayerOffer.ascending)
    guard let best = sorted.first(where: { fills(rectangle, $0) }) ?? sorted.last else {
      return layer ?? offers.first?.layer
    }
    layer = best.layer
    return layer
  }

  /// Where nothing comes of any layer, it is the network or this machine that stands still.
  private mutating func noteSilence(_ offers: [LayerOffer], at now: MediaTime) {
    let count = (offers.map(\.layer).max() ?? -1) + 1
    while lastSilent.count < count { lastSilent.append(.distantPast) }
    let newest = offers.map(\.lastPacket).max() ?? .distantPast
    for offer in offers where offer.lastPacket > .distantPast {
      if !offer.isActive || newest - offer.lastPacket > Self.silence { lastSilent[offer.layer] = now }
    }
  }

  private func fills(_ rectangle: PixelSize, _ offer: LayerOffer) -> Bool {
    let part = offer.layer == layer ? Self.tolerance : 1
    return Double(offer.size.width) >= part * Double(rectangle.width)
      && Double(offer.size.height) >= part * Double(rectangle.height)
  }
}
