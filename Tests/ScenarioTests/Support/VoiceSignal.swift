import Glibc
import MixCore
import Synchronization

/// How the client's sound is encoded.
struct VoiceSettings: Hashable {
  var milliseconds = 20
  var bitrate = 32_000
  var repeatsPackets = true
  var isDiscontinuous = false
  /// Silence instead of the voice; the beeps stay away too.
  var isSilent = false
}

/// A voice-like sound that is never silent, with a beep every eighth frame of a camera at 15 frames per second. The beeps
/// change between four pitches, so that each can be told from its neighbours. It repeats without a seam.
enum VoiceSignal {
  static let beepSpacing = MediaTime(count: 8, rate: 15)
  static let pitches: [Double] = [2_000, 2_400, 2_800, 3_200]
  static let beepAmplitude: Float = 0.25
  private static let beepFrames = 1_920
  private static let spacingFrames: Int64 = 25_600
  private static let rampFrames = 96
  /// 120 beeps.
  static let period = MediaTime.seconds(64)

  static func captureTime(ofBeep number: Int) -> MediaTime { MediaTime(count: 8 * Int64(number), rate: 15) }

  static func fill(_ block: inout AudioBlock, from first: Int64) {
    for frame in 0..<AudioFormat.tickFrames {
      let position = first + Int64(frame)
      let value = beep(at: position) ?? voice(at: position)
      block.values[2 * frame] = value
      block.values[2 * frame + 1] = value
    }
  }

  private static func beep(at position: Int64) -> Float? {
    let (number, inside) = position.quotientAndRemainder(dividingBy: spacingFrames)
    guard inside < beepFrames else { return nil }
    let ramp = min(1, Float(min(Int(inside), beepFrames - Int(inside))) / Float(rampFrames))
    let pitch = pitches[Int(number) % pitches.count]
    return beepAmplitude * ramp * Float(sin(2 * Double.pi * pitch * Double(inside) / 48_000))
  }

  /// Ten harmonics around 150 Hz, swelling three times a second.
  private static func voice(at position: Int64) -> Float {
    let seconds = Double(position) / 48_000
    let phase = 150 * seconds + 1.5 * sin(Double.pi * seconds)
    let swell = 0.6 + 0.4 * sin(6 * Double.pi * seconds)
    let index = Int((phase - phase.rounded(.down)) * Double(wave.count))
    return wave[min(index, wave.count - 1)] * Float(swell)
  }

  private static let wave: [Float] = (0..<8_192).map { index in
    let angle = 2 * Double.pi * Double(index) / 8_192
    return Float((1...10).reduce(0.0) { $0 + sin(Double($1) * angle) / Double($1 + 1) } * 0.12)
  }
}

/// A period of the voice as Opus packets, encoded once for each kind of settings.
enum VoicePackets {
  private static let made = Mutex<[VoiceSettings: [[UInt8]]]>([:])

  static func of(_ settings: VoiceSettings) throws -> [[UInt8]] {
    try made.withLock { known in
      if let packets = known[settings] { return packets }
      let packets = try encode(settings)
      known[settings] = packets
      return packets
    }
  }

  private static func encode(_ settings: VoiceSettings) throws -> [[UInt8]] {
    var encoder = try OpusEncoder(
      bitrate: settings.bitrate, frameMilliseconds: settings.milliseconds, inBandFEC: settings.repeatsPackets,
      expectedLossPercent: settings.repeatsPackets ? 20 : 0, content: .speech, complexity: 2,
      discontinuous: settings.isDiscontinuous)
    var block = AudioBlock()
    var packets: [[UInt8]] = []
    for tick in 0..<VoiceSignal.period.count(rate: 100) {
      if settings.isSilent {
        block.silence()
      } else {
        VoiceSignal.fill(&block, from: tick * Int64(AudioFormat.tickFrames))
      }
      if let packet = try encoder.encode(block, time: .zero) { packets.append(packet.data) }
    }
    return packets
  }
}
