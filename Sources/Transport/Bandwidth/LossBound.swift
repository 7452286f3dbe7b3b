import Glibc
import MixCore

/// How much may be sent so that no more is lost than the path loses anyway.
///
/// Loss has two causes: what a path loses whatever is sent, and what exceeds its capacity. The pair of values under
/// which the last observations are the most likely tells them apart: loss that does not follow the rate is not a reason
/// to send less. A path is not believed to lose more than a share that falls with the rate, so that a flow that pushes
/// others aside gives way.
struct LossBound: Sendable {
  private struct Observation: Sendable {
    var rate: Double
    var lost: Double
    var packets: Double
  }

  private static let window = 20
  private static let leastTime = MediaTime.milliseconds(250)
  private static let leastPackets = 10.0
  /// What happened an observation earlier counts so much less.
  private static let decay = 0.9
  /// Less loss than this is no reason for anything.
  private static let negligible = 0.02
  /// Believed of the path: this share, and so many bits per second besides.
  private static let inherentShare = 0.05
  private static let inherentBits = 200_000.0
  /// In log-likelihood per packet and per factor e of the rate: of equal explanations the one with the higher rate.
  private static let preference = 0.003
  /// A lower rate must explain so much more before it is believed.
  private static let significance = 2.0

  private static let growth = 1.02

  /// `nil` while loss does not limit the rate.
  private(set) var bitrate: Double?
  /// Of the packets of the last observations.
  private(set) var loss = 0.0
  private var observations: [Observation] = []
  private var lost = 0.0
  private var packets = 0.0
  private var bytes = 0
  private var begin: MediaTime?

  /// Counts one packet, in the order they were sent.
  mutating func note(sent: MediaTime, bytes size: Int, isLost: Bool) {
    packets += 1
    bytes &+= size
    if isLost { lost += 1 }
    let start = begin ?? sent
    begin = start
    let passed = sent - start
    guard passed >= Self.leastTime, packets >= Self.leastPackets else { return }
    // When nothing at all arrives the path is down, not narrow.
    if lost < packets {
      if observations.count == Self.window { observations.removeFirst() }
      observations.append(Observation(rate: Double(bytes) * 8 / passed.seconds, lost: lost, packets: packets))
      hasNews = true
    }
    (lost, packets, bytes, begin) = (0, 0, 0, sent)
  }

  /// What was counted since the last observation has to do with another cause.
  mutating func skip() { (lost, packets, bytes, begin) = (0, 0, 0, nil) }

  private var hasNews = false

  /// - Parameters:
  ///   - throughput: what gets through at present.
  ///   - probed: what just got through for a moment.
  mutating func update(current: Double, throughput: Double?, probed: Double?) {
    guard hasNews else { return }
    hasNews = false
    loss = overallLoss()
    guard loss > Self.negligible else {
      bitrate = nil
      return
    }
    let base = bitrate ?? current
    var best = (rate: base, worth: worth(of: base))
    let highest = max(base * Self.growth, probed ?? 0)
    for case let candidate? in [highest, base * Self.growth, base * 0.95, base * 0.85, throughput]
    where candidate <= highest {
      let worth = worth(of: candidate) - (candidate < base ? Self.significance : 0)
      if worth > best.worth { best = (candidate, worth) }
    }
    bitrate = BitrateLimits.clamp(best.rate)
  }

  private func overallLoss() -> Double {
    var sums = (lost: 0.0, packets: 0.0)
    forEachWeighted { observation, weight in
      sums.lost += observation.lost * weight
      sums.packets += observation.packets * weight
    }
    return sums.packets > 0 ? sums.lost / sums.packets : 0
  }

  /// How likely the observations are on a path of this rate, with a little weight for the higher one.
  private func worth(of rate: Double) -> Double {
    let share = inherentLoss(at: rate)
    var likelihood = 0.0
    var counted = 0.0
    forEachWeighted { observation, weight in
      let expected = min(max(Self.expectedLoss(observation, rate: rate, inherent: share), 1e-6), 1 - 1e-6)
      let kept = observation.packets - observation.lost
      likelihood += weight * (observation.lost * log(expected) + kept * log(1 - expected))
      counted += weight * observation.packets
    }
    return likelihood + counted * Self.preference * log(rate)
  }

  private static func expectedLoss(_ observation: Observation, rate: Double, inherent: Double) -> Double {
    let excess = max(0, 1 - rate / max(observation.rate, 1))
    return inherent + (1 - inherent) * excess
  }

  /// The share that explains the observations best if the path has this rate, by expectation maximisation.
  private func inherentLoss(at rate: Double) -> Double {
    let limit = Self.inherentShare + Self.inherentBits / rate
    var share = min(loss, limit)
    for _ in 0..<4 {
      var explained = 0.0
      var counted = 0.0
      forEachWeighted { observation, weight in
        let expected = max(Self.expectedLoss(observation, rate: rate, inherent: share), 1e-6)
        explained += weight * observation.lost * share / expected
        counted += weight * observation.packets
      }
      share = min(counted > 0 ? explained / counted : 0, limit)
    }
    return share
  }

  private func forEachWeighted(_ body: (Observation, Double) -> Void) {
    var weight = 1.0
    for observation in observations.reversed() {
      body(observation, weight)
      weight *= Self.decay
    }
  }
}
