/// Sums up to 16 inputs into one block per tick: `begin`, one `add` per input that has sound, `finish`.
///
/// A slot that is new, changes its gain or is not added any more is faded over 20 ms. Nothing is allocated per tick.
public struct AudioMixer: ~Copyable, Sendable {
  public static let slots = 16
  /// By how much the mix is later than its inputs: the limiter's look-ahead.
  public static let latency = MediaTime(count: Int64(SoftLimiter.latency), rate: Int64(AudioFormat.sampleRate))
  /// Largest gain an input can have: +18 dB.
  public static let maximumGain: Float = 8

  private var inputs: [MixerInput]
  private var limiter = SoftLimiter()
  private var bus: [Float]
  private var gains: [Float]
  private var busStrength = AudioStrength()
  /// Blocks that were left out because they held infinities or NaN.
  public private(set) var damagedBlocks: UInt64 = 0

  public init() {
    inputs = (0..<Self.slots).map { _ in MixerInput() }
    bus = [Float](repeating: 0, count: AudioFormat.tickValues)
    gains = [Float](repeating: 0, count: AudioFormat.tickFrames)
  }

  /// Starts a tick.
  public mutating func begin() {
    for index in bus.indices { bus[index] = 0 }
    for slot in inputs.indices { inputs[slot].wasAdded = false }
  }

  /// Adds one input's ten milliseconds; slots outside 0 ..< 16 and second calls in one tick are ignored.
  public mutating func add(_ block: borrowing AudioBlock, slot: Int, gain: Float) {
    guard inputs.indices.contains(slot), !inputs[slot].wasAdded, block.values.count == bus.count else { return }
    let strength = AudioKernels.strength(block.values)
    guard strength.isFinite else {
      damagedBlocks &+= 1
      return
    }
    inputs[slot].wasAdded = true
    inputs[slot].ramp.move(to: gain.isFinite ? max(0, min(gain, Self.maximumGain)) : 0)
    inputs[slot].mix(block.values, strength: strength, gains: &gains, into: &bus)
    inputs[slot].remember(block.values)
  }

  /// Ends the tick: fades out what was not added, limits, and writes the mix.
  public mutating func finish(into block: inout AudioBlock) {
    for slot in inputs.indices where !inputs[slot].wasAdded { inputs[slot].mixTail(gains: &gains, into: &bus) }
    limiter.process(&bus)
    busStrength = AudioKernels.strength(bus)
    let count = min(bus.count, block.values.count)
    for index in 0..<count { block.values[index] = bus[index] }
  }

  /// Level of one input in the last tick, after its gain.
  public func level(slot: Int) -> AudioLevel {
    inputs.indices.contains(slot) ? AudioLevel(inputs[slot].strength) : .silence
  }

  /// Level of the last mix, after the limiter.
  public var busLevel: AudioLevel { AudioLevel(busStrength) }

  /// True once nothing of the slot's former user can be heard any more.
  public func isFree(slot: Int) -> Bool {
    inputs.indices.contains(slot) && !inputs[slot].wasAdded && inputs[slot].ramp.isOff
  }
}

/// What the mixer keeps of one input between ticks.
private struct MixerInput: Sendable {
  var ramp = GainRamp(0)
  var strength = AudioStrength()
  var wasAdded = false
  private var last = [Float](repeating: 0, count: AudioFormat.tickValues)

  mutating func mix(_ values: [Float], strength raw: AudioStrength, gains: inout [Float], into bus: inout [Float]) {
    if ramp.isSteady {
      if ramp.target != 0 { AudioKernels.accumulate(values, gain: ramp.target, into: &bus) }
    } else {
      ramp.fill(&gains)
      AudioKernels.accumulate(values, gains: gains, into: &bus)
    }
    let gain = ramp.current
    strength = AudioStrength(peak: raw.peak * gain, meanSquare: raw.meanSquare * gain * gain)
  }

  mutating func remember(_ values: [Float]) {
    for index in last.indices { last[index] = values[index] }
  }

  /// Fades out over the last block, played backwards: it begins where the sound ended, so nothing jumps.
  mutating func mixTail(gains: inout [Float], into bus: inout [Float]) {
    ramp.move(to: 0)
    guard !ramp.isOff else {
      strength = AudioStrength()
      return
    }
    for frame in 0..<(AudioFormat.tickFrames / 2) {
      let mirrored = AudioFormat.tickFrames - 1 - frame
      last.swapAt(2 * frame, 2 * mirrored)
      last.swapAt(2 * frame + 1, 2 * mirrored + 1)
    }
    mix(last, strength: AudioKernels.strength(last), gains: &gains, into: &bus)
  }
}
