import MixCore

/// Chooses what one receiver gets of one source: no more than his tile shows, no more than his path carries.
struct StageChoice: Sendable {
  /// What the sound of the source takes, with its headers.
  private static let soundBitrate = 80_000
  /// A better layer is taken only when it fits with room to spare, for some time.
  private static let headroom = 1.2
  private static let patience = MediaTime.seconds(1)
  /// Estimates and bitrates both waver: what runs is left only when it is over by more.
  private static let slack = 0.9
  /// What the lower temporal layers take of the bitrate of a stream with two, and with more.
  private static let baseParts = (two: 0.6, more: 0.45)
  /// Paused video tries again after this, twice as long after each failure: with sound alone an estimate hardly grows.
  private static let firstRetry = MediaTime.seconds(5)
  private static let longestRetry = MediaTime.seconds(40)
  /// What a try lasts, whatever the estimate says: time for a key frame to come, and for the estimate to grow with it.
  private static let trial = MediaTime.seconds(3)

  private(set) var target = StageTarget(layer: 0)
  /// Bits per second of the best that would be of use, with the sound.
  private(set) var wantedBitrate = 0
  /// The same of the next better one than the target; `nil` without such a one.
  private(set) var betterBitrate: Int?
  private var betterSince: MediaTime?
  private var pausedSince: MediaTime?
  private var resumedAt = MediaTime.distantPast
  private var triesUntil = MediaTime.distantPast
  private var retry = StageChoice.firstRetry

  /// - Parameters:
  ///   - temporalLayers: how many the running stream has.
  ///   - available: bits per second for all this receiver gets from the source; `nil` while nothing limits it.
  ///   - isMeasured: false where that is only what the receiver allows, often little more than what comes. Then the
  ///     smallest layer goes on, whole, and the transport finds out whether there is room for it.
  mutating func update(
    offers: [LayerOffer], temporalLayers: UInt8, tileHeight: Int, available: Int?, isMeasured: Bool = true,
    at now: MediaTime
  ) -> StageTarget {
    let useful = usefulOffers(offers, tileHeight: tileHeight)
    betterBitrate = nil
    // Nothing comes: whatever comes back first is worth waiting for.
    guard let lowest = useful.first else { return target }
    wantedBitrate = useful[useful.count - 1].bitrate + Self.soundBitrate
    let budget = available.map { $0 - Self.soundBitrate }
    let parts = isMeasured ? temporalLayers : 1
    let smallest = StageTarget(layer: lowest.layer, temporalLayers: parts > 1 ? 1 : StageTarget.allTemporalLayers)
    var wanted = best(of: useful, lowest: lowest, temporalLayers: parts, budget: budget)
    if wanted == .paused, !isMeasured { wanted = smallest }
    move(to: wanted, smallest: smallest, among: useful, at: now)
    betterBitrate = nextOffer(among: useful).map { $0.bitrate + Self.soundBitrate }
    return target
  }

  private func nextOffer(among useful: [LayerOffer]) -> LayerOffer? {
    guard let place = useful.firstIndex(where: { $0.layer == target.layer }) else { return nil }
    return useful.dropFirst(place + 1).first
  }

  /// Active ones, worst first, up to the first that fills the tile.
  private func usefulOffers(_ offers: [LayerOffer], tileHeight: Int) -> [LayerOffer] {
    let active = offers.filter(\.isActive).sorted(by: LayerOffer.ascending)
    guard let enough = active.firstIndex(where: { $0.size.height * 10 >= tileHeight * 9 }) else { return active }
    return Array(active[...enough])
  }

  private func best(of useful: [LayerOffer], lowest: LayerOffer, temporalLayers: UInt8, budget: Int?) -> StageTarget {
    guard let budget else { return StageTarget(layer: useful[useful.count - 1].layer) }
    if let offer = useful.last(where: { fits($0.bitrate, budget, isRunning: runs($0.layer, isWhole: true)) }) {
      return StageTarget(layer: offer.layer)
    }
    if temporalLayers > 1 {
      let part = temporalLayers == 2 ? Self.baseParts.two : Self.baseParts.more
      let bitrate = Int(Double(lowest.bitrate) * part)
      if fits(bitrate, budget, isRunning: runs(lowest.layer, isWhole: false)) {
        return StageTarget(layer: lowest.layer, temporalLayers: 1)
      }
    }
    return .paused
  }

  /// Whether the target is this or better already.
  private func runs(_ layer: Int, isWhole: Bool) -> Bool {
    target.layer == layer && (!isWhole || target.temporalLayers == StageTarget.allTemporalLayers)
  }

  private func fits(_ bitrate: Int, _ budget: Int, isRunning: Bool) -> Bool {
    Double(bitrate) * (isRunning ? Self.slack : Self.headroom) <= Double(budget)
  }

  private mutating func move(
    to wanted: StageTarget, smallest: StageTarget, among useful: [LayerOffer], at now: MediaTime
  ) {
    if target == .paused { return resume(wanted, smallest: smallest, at: now) }
    guard wanted != target else {
      betterSince = nil
      return
    }
    if wanted == .paused, now < triesUntil { return }
    let isBetter = rank(wanted, useful) > rank(target, useful)
    if isBetter, rank(target, useful) >= 0 {
      let since = betterSince ?? now
      betterSince = since
      guard now - since >= Self.patience else { return }
    }
    if wanted == .paused {
      // Paused again at once: the try came too early.
      retry = now - resumedAt < .seconds(5) ? min(retry * 2, Self.longestRetry) : Self.firstRetry
      pausedSince = now
    }
    betterSince = nil
    target = wanted
  }

  private mutating func resume(_ wanted: StageTarget, smallest: StageTarget, at now: MediaTime) {
    let paused = now - (pausedSince ?? now)
    if wanted != .paused, paused >= Self.patience {
      target = wanted
    } else if paused >= retry {
      target = smallest
      triesUntil = now + Self.trial
    } else {
      return
    }
    resumedAt = now
    pausedSince = nil
  }

  /// Place among the useful layers; −1 for one that does not come any more.
  private func rank(_ target: StageTarget, _ useful: [LayerOffer]) -> Int {
    guard let layer = target.layer, let place = useful.firstIndex(where: { $0.layer == layer }) else { return -1 }
    return place * 8 + Int(target.temporalLayers)
  }
}
