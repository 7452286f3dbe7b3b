import MixCore

/// Opus alone behind the same losses, without a network and a clock: a lost packet is restored from its successor if
/// that is there and repeats it, else concealed. What no retransmission and no playout buffer is the measure for.
enum StraightOpus {
  /// Share of the sound that is concealed, in per cent.
  static func concealed(_ settings: VoiceSettings, losses: [Bool]) throws -> Double {
    let packets = try VoicePackets.of(settings)
    let frames = settings.milliseconds * 48
    var decoder = try OpusDecoder()
    var sound: [Float] = []
    var concealed = 0
    for (number, isLost) in losses.enumerated() {
      let next = packets[(number + 1) % packets.count]
      let isNextHere = number + 1 < losses.count && !losses[number + 1]
      if !isLost {
        try decoder.decode(packets[number % packets.count], into: &sound)
      } else if isNextHere, OpusPacketInfo.carriesRecovery(next) {
        try decoder.decodeFEC(next, frames: frames, into: &sound)
      } else {
        try decoder.conceal(frames: frames, into: &sound)
        concealed += 1
      }
    }
    return 100 * Double(concealed) / Double(max(1, losses.count))
  }
}
