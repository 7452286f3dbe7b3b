import Glibc
public import MixCore

/// Where one participant's flashes are seen in a programme, and what his beeps sound like.
public struct FlashWatch: Sendable {
  /// In shares of the picture, well inside the participant's tile.
  public var left: Double
  public var top: Double
  public var width: Double
  public var height: Double
  public var hertz: Double

  public init(left: Double, top: Double, width: Double, height: Double, hertz: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
    self.hertz = hertz
  }
}

/// When flashes and beeps of one participant were presented, on the viewer's estimate of the programme's time line.
public struct FlashSightings: Sendable {
  public var flashes: [MediaTime] = []
  public var beeps: [MediaTime] = []

  public init() {}

  /// By how much each beep is later than its flash, in milliseconds; flashes before `start` and those without a beep
  /// within `reach` are left out.
  public func skews(from start: MediaTime = .distantPast, reach: MediaTime) -> [Double] {
    flashes.filter { $0 >= start }.compactMap { flash in
      let nearest = beeps.map { ($0 - flash).milliseconds }.min { abs($0) < abs($1) }
      return nearest.flatMap { abs($0) <= reach.milliseconds ? $0 : nil }
    }
  }
}

/// The amplitude of one frequency from sample to sample: mixed down to zero and smoothed over 3 ms.
private struct ToneFollower {
  /// From the begin of a tone of a quarter of full scale until a third of it is seen.
  static let delay = MediaTime.microseconds(1_200)
  private static let smoothing = 144.0

  private let (turnReal, turnImaginary): (Double, Double)
  private var (real, imaginary) = (1.0, 0.0)
  private var (sumReal, sumImaginary) = (0.0, 0.0)

  init(hertz: Double) {
    let step = 2 * Double.pi * hertz / Double(AudioFormat.sampleRate)
    (turnReal, turnImaginary) = (cos(step), sin(step))
  }

  mutating func follow(_ sample: Double) -> Double {
    (real, imaginary) = (
      real * turnReal - imaginary * turnImaginary, real * turnImaginary + imaginary * turnReal
    )
    // Rounding must not make the pointer longer or shorter over the hours.
    let correction = (3 - real * real - imaginary * imaginary) / 2
    real *= correction
    imaginary *= correction
    sumReal += (sample * real - sumReal) / Self.smoothing
    sumImaginary += (sample * imaginary - sumImaginary) / Self.smoothing
    return 2 * (sumReal * sumReal + sumImaginary * sumImaginary).squareRoot()
  }
}

/// Finds the flashes and beeps of one participant in decoded pictures and sound.
struct FlashMeter {
  private let watch: FlashWatch
  private(set) var sightings = FlashSightings()
  private var wasWhite = false
  private var wasSounding = false
  private var tone: ToneFollower

  private static let threshold = 0.08

  init(_ watch: FlashWatch) {
    self.watch = watch
    tone = ToneFollower(hertz: watch.hertz)
  }

  mutating func see(_ picture: VideoFrame, captured: MediaTime) {
    let isWhite = brightness(of: picture) > (wasWhite ? 120 : 180)
    if isWhite, !wasWhite { sightings.flashes.append(captured) }
    wasWhite = isWhite
  }

  /// - Parameter sound: interleaved stereo whose first sample was captured at `captured`.
  mutating func hear(_ sound: ArraySlice<Float>, captured: MediaTime) {
    var index: Int64 = 0
    for position in stride(from: sound.startIndex, to: sound.endIndex, by: AudioFormat.channels) {
      let amplitude = tone.follow(Double(sound[position]))
      let isSounding = amplitude > (wasSounding ? Self.threshold / 2 : Self.threshold)
      if isSounding, !wasSounding {
        sightings.beeps.append(captured + MediaTime(count: index, rate: 48_000) - ToneFollower.delay)
      }
      wasSounding = isSounding
      index += 1
    }
  }

  private func brightness(of picture: VideoFrame) -> Int {
    let columns = range(watch.left, watch.width, of: picture.width)
    let rows = range(watch.top, watch.height, of: picture.height)
    var (sum, count) = (0, 0)
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 2) {
      for column in stride(from: columns.lowerBound, to: columns.upperBound, by: 2) {
        sum += unsafe Int(picture.y.base[row * picture.y.stride + column])
        count += 1
      }
    }
    return count == 0 ? 0 : sum / count
  }

  private func range(_ start: Double, _ length: Double, of size: Int) -> Range<Int> {
    let first = min(max(Int(start * Double(size)), 0), size)
    return first..<min(max(first + Int(length * Double(size)), first), size)
  }
}
