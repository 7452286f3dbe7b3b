import Glibc
import Testing

@testable import MixCore

/// The pictures are numbers here: what each would cost at quantiser 0, and how it looks from outside.
@Suite("Rate control")
struct RateControlTests {
  struct Picture {
    var cost: Double
    var texture = 4_000_000.0
    var novelty = 1.0

    static let talking = Picture(cost: 1_800_000)
    static let still = Picture(cost: 2_000, texture: 200_000, novelty: 0)
    /// On its own.
    static let keyCost = 5.0
  }

  /// An encoder that does exactly what is expected of it.
  struct Stream {
    var control = RateControl(bitrate: 2_500_000, bufferMilliseconds: 1000, frameRate: 30, keyFrameInterval: 60)
    var number = 0
    var sizes: [Double] = []
    var quantisers: [Int] = []
    var greatestDebt = 0.0

    mutating func encode(_ picture: Picture, isCut: Bool = false) {
      let isKeyFrame = number % 60 == 0
      let activity = PictureActivity(texture: picture.texture, novelty: isCut ? 40 : picture.novelty)
      let quantiser = control.choose(for: activity, isKeyFrame: isKeyFrame)
      let cost = isKeyFrame || isCut ? max(picture.cost, picture.texture * Picture.keyCost) : picture.cost
      let bits = (cost / exp2(Double(quantiser) * 1.1 / 6)).rounded()
      control.note(bits: Int(bits))
      sizes.append(bits)
      quantisers.append(quantiser)
      greatestDebt = max(greatestDebt, control.debt)
      number += 1
    }

    func bitrate(from first: Int) -> Double { sizes[first...].reduce(0, +) / Double(sizes.count - first) * 30 }
  }

  @Test("keeps the bitrate over groups of pictures, within two per cent")
  func average() {
    var stream = Stream()
    for _ in 0..<1_800 { stream.encode(.talking) }
    #expect(abs(stream.bitrate(from: 300) / 2_500_000 - 1) < 0.02)
    #expect(stream.greatestDebt < 1_500_000)
  }

  @Test("holds the quantiser of an even scene")
  func steadiness() {
    var stream = Stream()
    for _ in 0..<600 { stream.encode(.talking) }
    let continued = stream.quantisers.indices.filter { $0 >= 300 && $0 % 60 > 1 }.map { stream.quantisers[$0] }
    let (least, greatest) = (continued.min() ?? 0, continued.max() ?? 99)
    #expect(greatest - least <= 2)
    #expect(stream.quantisers[540] < least)
  }

  @Test("a still picture is not polished for ever, and a cut from it fits the buffer")
  func cutFromStill() {
    var stream = Stream()
    for _ in 0..<130 { stream.encode(.still) }
    #expect(stream.quantisers.last == Int(RateControl.quantisers.lowerBound))
    stream.encode(.talking, isCut: true)
    for _ in 0..<40 { stream.encode(.talking) }
    #expect(stream.greatestDebt < 2_500_000)
    #expect(stream.bitrate(from: 140) > 1_000_000)
  }

  @Test("ten times harder pictures take no more than the buffer, and the debt is paid within three seconds")
  func harderScene() {
    var stream = Stream()
    for _ in 0..<300 { stream.encode(.talking) }
    for index in 0..<300 { stream.encode(Picture(cost: 18_000_000, texture: 8_000_000, novelty: 3), isCut: index == 0) }
    #expect(stream.greatestDebt < 2_500_000)
    #expect(abs(stream.bitrate(from: 480) / 2_500_000 - 1) < 0.05)
  }

  @Test("a new bitrate holds after a second")
  func change() {
    var stream = Stream()
    for _ in 0..<300 { stream.encode(.talking) }
    stream.control.bitrate = 1_000_000
    for _ in 0..<300 { stream.encode(.talking) }
    #expect(abs(stream.bitrate(from: 360) / 1_000_000 - 1) < 0.05)
  }

  @Test("what the picture looks like is measured from its rows")
  func activity() throws {
    let pool = FramePool()
    let size = PixelSize(width: 64, height: 48)
    var activity = PictureActivity()
    let (plain, ramp) = (try #require(pool.acquire(size)), try #require(pool.acquire(size)))
    for row in 0..<size.height {
      for column in 0..<size.width {
        unsafe plain.y.base[row * plain.y.stride + column] = 10
        unsafe ramp.y.base[row * ramp.y.stride + column] = UInt8(10 + 2 * column)
      }
    }
    activity.measure(plain)
    let least = activity.texture
    #expect(activity.novelty == 10)
    activity.measure(plain)
    #expect(activity.novelty == 0)
    activity.measure(ramp)
    #expect(activity.novelty == 63)
    // Two for each of 63 steps in 48 rows.
    #expect(activity.texture - least == Double(2 * 63 * 48))
  }
}
