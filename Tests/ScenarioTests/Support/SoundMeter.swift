import Glibc
import MixCore

/// Takes note of the sound of a programme: where it is silent, when its beeps are heard, what its playout buffer did.
struct SoundMeter {
  struct Silence {
    var start: MediaTime
    var length: MediaTime
  }

  struct Beep {
    var heard: MediaTime
    var pitch: Int
    /// Hardly anything of its beginning was lost, or what took its place sounds the same.
    var isWhole: Bool
  }

  /// What the playout buffer said after one tick.
  struct Sample {
    var time: MediaTime
    var delay: MediaTime
    var statistics: AudioPlayoutStatistics
  }

  private(set) var silences: [Silence] = []
  private(set) var beeps: [Beep] = []
  /// Ten a second.
  private(set) var samples: [Sample] = []
  private(set) var latest: Sample?
  private(set) var ticks = 0
  private(set) var peak: Float = 0

  /// Of the 40 ms. The packet of its beginning takes 7, 13 or 20 ms of them away, and so much later than its place in the
  /// sound it then begins. What playout leaves out to catch up are 10 ms at a time, mostly.
  private static let wholeBeep = MediaTime.milliseconds(28)

  private var silentFrames = 0
  private var listeners = VoiceSignal.pitches.map { BeepListener(pitch: $0) }

  mutating func note(
    _ block: borrowing AudioBlock, at now: MediaTime, delay: MediaTime?, _ statistics: AudioPlayoutStatistics?
  ) {
    for frame in 0..<AudioFormat.tickFrames { note(block.values[2 * frame], frame: frame, of: now) }
    for index in listeners.indices {
      guard let (heard, length) = listeners[index].listen(block, at: now) else { continue }
      beeps.append(Beep(heard: heard, pitch: index, isWhole: length >= Self.wholeBeep))
    }
    if let delay, let statistics {
      let sample = Sample(time: now, delay: delay, statistics: statistics)
      latest = sample
      if ticks % 10 == 0 { samples.append(sample) }
    }
    ticks += 1
  }

  private mutating func note(_ value: Float, frame: Int, of tick: MediaTime) {
    peak = max(peak, abs(value))
    // Below the least bit of sixteen.
    if abs(value) < 1 / 65_536 {
      silentFrames += 1
    } else {
      endSilence(at: tick + MediaTime(count: Int64(frame), rate: 48_000))
    }
  }

  private mutating func endSilence(at time: MediaTime) {
    defer { silentFrames = 0 }
    guard silentFrames >= AudioFormat.tickFrames / 4 else { return }
    let length = MediaTime(count: Int64(silentFrames), rate: 48_000)
    silences.append(Silence(start: time - length, length: length))
  }

  /// Counts what is silent to the end.
  mutating func finish(at now: MediaTime) { endSilence(at: now) }
}

/// Hears when a tone of one pitch begins, and how long it is.
struct BeepListener {
  private static let chunk = 48
  private static let window = 6
  private static let threshold = VoiceSignal.beepAmplitude * 0.45

  private let step: (cosine: Float, sine: Float)
  private var turn: (cosine: Float, sine: Float) = (1, 0)
  private var chunks = [(Float, Float)](repeating: (0, 0), count: window)
  private var next = 0
  private var began: MediaTime?
  private var deafFor = 0

  init(pitch: Double) {
    let angle = 2 * Double.pi * pitch / 48_000
    step = (Float(cos(angle)), Float(sin(angle)))
  }

  /// From the instant at which the tone reached half of its strength to the one at which it left it, if that is in this
  /// block.
  mutating func listen(_ block: borrowing AudioBlock, at time: MediaTime) -> (heard: MediaTime, length: MediaTime)? {
    var heard: (MediaTime, MediaTime)?
    for index in 0..<(AudioFormat.tickFrames / Self.chunk) {
      chunks[next] = sum(of: block, from: index * Self.chunk)
      next = (next + 1) % Self.window
      deafFor -= 1
      let total = chunks.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
      let amplitude = 2 * (total.0 * total.0 + total.1 * total.1).squareRoot() / Float(Self.chunk * Self.window)
      // Half of the window is filled then.
      let moment = time + .milliseconds(Int64(index + 1 - Self.window / 2))
      if amplitude > Self.threshold, deafFor <= 0 {
        (began, deafFor) = (moment, 300)
      } else if let start = began, amplitude <= Self.threshold {
        heard = (start, moment - start)
        began = nil
      }
    }
    return heard
  }

  private mutating func sum(of block: borrowing AudioBlock, from first: Int) -> (Float, Float) {
    var result: (Float, Float) = (0, 0)
    for frame in first..<(first + Self.chunk) {
      let value = block.values[2 * frame]
      result.0 += value * turn.cosine
      result.1 += value * turn.sine
      turn = (
        turn.cosine * step.cosine - turn.sine * step.sine, turn.cosine * step.sine + turn.sine * step.cosine
      )
    }
    let length = (turn.cosine * turn.cosine + turn.sine * turn.sine).squareRoot()
    turn = (turn.cosine / length, turn.sine / length)
    return result
  }
}
