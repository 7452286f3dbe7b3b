import Glibc

/// Chooses the quantiser of each picture, so that a group of pictures from one key frame to the next costs what its time is
/// worth and none overfills the receiver's buffer.
///
/// x264's own rate control first encodes every picture at half size to know what is coming, which takes a sixth of the
/// whole time. Here the pictures before say it, and `PictureActivity` where they cannot. A picture's *cost* is what it
/// would have at quantiser 0: bits = cost · 2^(−1.1 · quantiser / 6).
struct RateControl: Sendable {
  /// The least is lossless to the eye and keeps the first picture after a still one bounded; the greatest encodes anything.
  static let quantisers = 17.0...56.0

  var bitrate: Double
  private let bufferSeconds: Double
  private let frameRate: Double
  private let groupLength: Double

  /// Bits sent beyond the bitrate.
  private(set) var debt = 0.0
  private var quantiser = 0.0
  /// Pictures since the last key frame.
  private var position = 0.0
  /// Cost of a picture on its own, per unit of texture.
  private var costOfTexture: Double?
  /// Cost of pictures that continue others: over the last ten, and over the last two.
  private var usualCost = 0.0
  private var recentCost = 0.0
  private var usualNovelty = 0.0
  private var texture = 1.0
  private var novelty = 0.0
  /// Key frames, and pictures that have nothing to do with the one before.
  private var isOnItsOwn = false
  private var wasOnItsOwn = false
  private var picturesKnown = 0

  /// Key frames are that much finer: all others of the group are built upon them.
  private static let keyFrameBonus = 4.0
  /// Of camera pictures.
  private static let typicalCost = 5.0
  private static let cutNovelty = 4.0

  init(bitrate: Int, bufferMilliseconds: Int, frameRate: Int, keyFrameInterval: Int) {
    self.bitrate = Double(bitrate)
    bufferSeconds = Double(bufferMilliseconds) / 1000
    self.frameRate = Double(frameRate)
    groupLength = Double(max(2, keyFrameInterval))
  }

  private var buffer: Double { bitrate * bufferSeconds }
  private var share: Double { bitrate / frameRate }

  /// The quantiser of the next picture; its size must be told by `note`.
  mutating func choose(for activity: PictureActivity, isKeyFrame: Bool) -> Int {
    if isKeyFrame { position = 0 }
    (texture, novelty) = (activity.texture, activity.novelty)
    isOnItsOwn = isKeyFrame || novelty > max(Self.cutNovelty, 4 * usualNovelty)
    let own = (costOfTexture ?? Self.typicalCost) * texture
    let continued = usualCost > 0 ? usualCost : own / 8

    let average = ((groupLength - 1) * continued + own * Self.weight(Self.keyFrameBonus)) / groupLength
    let keyFrameBits = min(own / Self.weight(Self.quantiser(average / share) - Self.keyFrameBonus), buffer / 2)
    // What the key frame took in advance is paid back evenly over its group, anything else within a second.
    let planned = isKeyFrame ? 0 : (keyFrameBits - share) * max(0, 1 - position / (groupLength - 1))
    let correction = min(max(1 - (debt - planned) / bitrate, 0.4), 1.6)

    var wanted = Self.quantiser(average / share / correction) - (isKeyFrame ? Self.keyFrameBonus : 0)
    if picturesKnown > 8, !isKeyFrame, !wasOnItsOwn, quantiser <= 51 {
      wanted = min(max(wanted, quantiser - 2), quantiser + 3)
    }
    wanted = max(wanted, leastQuantiser(of: isOnItsOwn ? own : max(usualCost, recentCost)))
    quantiser = min(max(wanted.rounded(), Self.quantisers.lowerBound), Self.quantisers.upperBound)
    return Int(quantiser)
  }

  /// With a finer one a picture of that cost would take too much of what is left of the buffer.
  private func leastQuantiser(of cost: Double) -> Double {
    guard cost > 0 else { return Self.quantisers.lowerBound }
    let room = max((buffer * 0.9 - debt) * 0.5, share / 4)
    return Self.quantiser(cost / room)
  }

  /// How large the picture has become.
  mutating func note(bits: Int) {
    let cost = Double(bits) * Self.weight(quantiser)
    if isOnItsOwn {
      let measured = min(max(cost / texture, Self.typicalCost / 8), Self.typicalCost * 8)
      costOfTexture = costOfTexture.map { ($0 + measured) / 2 } ?? measured
    } else {
      recentCost = recentCost > 0 ? (recentCost + cost) / 2 : cost
      usualCost += (cost - usualCost) * (usualCost > 0 ? picturesKnown < 20 ? 0.4 : 0.1 : 1)
      usualNovelty += (novelty - usualNovelty) * 0.2
    }
    picturesKnown += 1
    if isOnItsOwn, position > 0 {
      recentCost = 0
      picturesKnown = 2
    }
    wasOnItsOwn = isOnItsOwn
    // What easy pictures left over is not saved up for hard ones.
    debt = max(debt + Double(bits) - share, -0.1 * buffer)
    position += 1
  }

  private static func weight(_ quantiser: Double) -> Double { exp2(quantiser * 1.1 / 6) }
  private static func quantiser(_ weight: Double) -> Double { log2(weight) * 6 / 1.1 }
}
