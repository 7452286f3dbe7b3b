import MediaControl
import MixCore
import Transport

/// Encodes the mixed sound, once per codec in use. Runs on the room's loop: a block costs well below a tenth of a tick.
struct ProgramSound {
  var viewers = 0
  var outputs: [AudioCodec: Int] = [:]

  private let room: RoomID
  private let start: MediaTime
  private let fanout: ProgramFanout
  private let net: Mailbox<NetMessage>
  private let encoders = Encoders()

  /// Keeps the noncopyable encoders out of the struct's copies.
  private final class Encoders {
    var aac: AACEncoder?
    var opus: OpusEncoder?
    var formats: [AudioCodec: AudioTrackFormat] = [:]
    /// Viewers whose path loses packets get each one with the one before it.
    var packetizer = OpusPacketizer(redundancy: 1)
    /// The time of the block that must come next.
    var nextTime: MediaTime?

    /// Encoders count their packets' times on from the first block: after a gap they begin anew, or sound would stay
    /// behind the picture by as much for good.
    func follow(_ time: MediaTime) {
      if let nextTime, (time - nextTime).nanoseconds.magnitude > 5_000_000 {
        for codec in AudioCodec.allCases { close(codec) }
      }
      nextTime = time + .milliseconds(10)
    }

    func open(_ codec: AudioCodec) throws {
      guard formats[codec] == nil else { return }
      switch codec {
      case .aac:
        let encoder = try AACEncoder()
        formats[codec] = encoder.format
        aac = consume encoder
      case .opus:
        let encoder = try OpusEncoder()
        formats[codec] = encoder.format
        opus = consume encoder
      }
    }

    func close(_ codec: AudioCodec) {
      guard formats.removeValue(forKey: codec) != nil else { return }
      switch codec {
      case .aac: aac = nil
      case .opus: opus = nil
      }
    }
  }

  init(room: RoomID, start: MediaTime, fanout: ProgramFanout, net: Mailbox<NetMessage>) {
    self.room = room
    self.start = start
    self.fanout = fanout
    self.net = net
  }

  /// Opens the encoder of `codec` if need be.
  func format(of codec: AudioCodec) -> Result<AudioTrackFormat, MediaError> {
    try? encoders.open(codec)
    guard let format = encoders.formats[codec] else {
      return .failure(MediaError(code: "media.encoder", message: "The audio encoder could not be opened."))
    }
    return .success(format)
  }

  func encode(_ block: AudioBlock, time: MediaTime) {
    encoders.follow(time)
    if outputs[.aac, default: 0] > 0 { encodeAAC(block, time: time) } else { encoders.close(.aac) }
    if viewers + outputs[.opus, default: 0] > 0 { encodeOpus(block, time: time) } else { encoders.close(.opus) }
  }

  private func encodeAAC(_ block: AudioBlock, time: MediaTime) {
    guard case .success = format(of: .aac) else { return }
    if let packet = try? encoders.aac?.encode(block, time: time) { fanout.send(packet) }
  }

  private func encodeOpus(_ block: AudioBlock, time: MediaTime) {
    guard case .success = format(of: .opus), let packet = try? encoders.opus?.encode(block, time: time) else { return }
    fanout.send(packet)
    guard viewers > 0 else { return }
    var frame = encoders.packetizer.packetize(packet)
    // The decoder gives out what the encoder looked ahead first.
    let lookAhead = encoders.formats[.opus]?.primingSamples ?? 0
    frame.captureTime = start + packet.time - MediaTime(count: Int64(lookAhead), rate: 48_000)
    net.send(.programAudio(room, frame))
  }
}
