import MixCore

/// Chooses the simulcast layer that is decoded for the programme: the smallest that fills the rectangle.
struct ProgramLayer: Sendable {
  /// Without a picture for so long a layer is given up for another one.
  static let silence = MediaTime.milliseconds(500)
  /// A layer that comes back must have stayed for so long.
  private static let trust = MediaTime.seconds(1)
  /// One that is missing so little of the rectangle is not left for a larger one.
  private static let tolerance = 0.9

  private(set) var layer: Int?
  /// When each layer was found silent last.
  private var lastSilent: [MediaTime] = []

  /// - Parameter lastPicture: when the last whole frame of the chosen layer came.
  mutating func choose(
    among offers: [LayerOffer], for rectangle: PixelSize, lastPicture: MediaTime, at now: MediaTime
  ) -> Int? {
    noteSilence(offers, lastPicture: lastPicture, at: now)
    let usable = offers.filter { $0.isActive && (layer == nil || now - lastSilent[$0.layer] >= Self.trust) }
    let sorted = usable.sorted(by: LayerOffer.ascending)
    guard let best = sorted.first(where: { fills(rectangle, $0) }) ?? sorted.last else { return layer }
    layer = best.layer
    return layer
  }

  private mutating func noteSilence(_ offers: [LayerOffer], lastPicture: MediaTime, at now: MediaTime) {
    let count = (offers.map(\.layer).max() ?? -1) + 1
    while lastSilent.count < count { lastSilent.append(.distantPast) }
    for offer in offers where !offer.isActive || offer.layer == layer && now - lastPicture > Self.silence {
      lastSilent[offer.layer] = now
    }
  }

  private func fills(_ rectangle: PixelSize, _ offer: LayerOffer) -> Bool {
    let part = offer.layer == layer ? Self.tolerance : 1
    return Double(offer.size.width) >= part * Double(rectangle.width)
      && Double(offer.size.height) >= part * Double(rectangle.height)
  }
}
