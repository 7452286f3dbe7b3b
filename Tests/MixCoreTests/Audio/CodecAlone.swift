import MixCore

/// What libopus makes of a loss trace in a straight loop without any buffer, each loss known in time: the calibration of
/// everything that is said about concealment.
struct CodecAlone {
  /// Left channel.
  var samples: [Float] = []
  /// Samples that neither a packet nor its successor's copy gave.
  var concealed = 0

  init(_ sent: [AudioNetwork.Sent], arrived: Set<Int64>) throws {
    var decoder = try OpusDecoder()
    var values: [Float] = []
    for (index, packet) in sent.enumerated() {
      let frames = OpusPacketInfo(packet.payload)?.samples ?? 960
      if arrived.contains(packet.sequence) {
        _ = try decoder.decode(packet.payload, into: &values)
      } else if index + 1 < sent.count, arrived.contains(sent[index + 1].sequence),
        OpusPacketInfo.carriesRecovery(sent[index + 1].payload)
      {
        _ = try decoder.decodeFEC(sent[index + 1].payload, frames: frames, into: &values)
      } else {
        _ = try decoder.conceal(frames: frames, into: &values)
        concealed += frames
      }
      for frame in 0..<frames { samples.append(values[2 * frame]) }
    }
  }
}
