import MixCore

@testable import Transport

/// A sender's and a receiver's `MediaPlane` with a bad network between them, on a virtual clock.
struct Wire {
  struct Network {
    var loss = 0.0
    var duplicates = 0.0
    /// Each packet is late by this plus up to `jitter`, which reorders.
    var delay = MediaTime.milliseconds(20)
    var jitter = MediaTime.zero
    var controlLoss = 0.0
  }

  private struct Flight {
    var arrival: MediaTime
    var bytes: [UInt8]
    var toReceiver: Bool
    var isControl: Bool
  }

  var sender: MediaPlane
  var receiver: MediaPlane
  var network = Network()
  private(set) var now = MediaTime.seconds(1000)
  private(set) var videoFrames: [ReceivedVideoFrame] = []
  private(set) var audioPackets: [ReceivedAudioPacket] = []
  private(set) var keyFrameRequests: [MediaTime] = []
  private(set) var packetsToReceiver = 0
  private(set) var bytesToReceiver = 0
  /// Drops a media packet on its first way, by what is written on it.
  var drops: (RTPHeader) -> Bool = { _ in false }
  private var flights: [Flight] = []
  /// What was sent on streams without RTX: the peer repeats it as it was, as browsers do, which our sender does not.
  private var plain: [UInt64: [UInt8]] = [:]
  private var random: SeededRandom

  /// Section 0 is audio, section 1 is video, sent by `sender`.
  init(
    seed: UInt64 = 1, codec: VideoCodec = .vp8, rtx: Bool = true, senderClockOffset: MediaTime = .seconds(77),
    startsAtHighest: Bool = false
  ) {
    random = SeededRandom(seed: seed)
    let sending = Wire.media(.send, codec: codec, rtx: rtx)
    let receiving = Wire.media(.receive, codec: codec, rtx: rtx)
    let epoch = MediaTime.seconds(3_900_000_000)
    if !startsAtHighest {
      sender = MediaPlane(media: sending, cname: "s", ntpOffset: epoch + senderClockOffset, random: &random)
    } else {
      var highest = HighestRandom()
      sender = MediaPlane(media: sending, cname: "s", ntpOffset: epoch + senderClockOffset, random: &highest)
    }
    receiver = MediaPlane(media: receiving, cname: "r", ntpOffset: epoch, random: &random)
  }

  static func media(_ direction: MediaIntent.Direction, codec: VideoCodec, rtx: Bool) -> [NegotiatedMedia] {
    var map = HeaderExtensionMap()
    map[.mid] = 1
    map[.transportSequence] = 2
    map[.absoluteSendTime] = 3
    map[.playoutDelay] = 4
    let isSender = direction == .send
    let audio = NegotiatedMedia(
      kind: .audio, direction: direction, mid: "0", payloadType: 111, localSSRC: isSender ? 10 : 90,
      remoteSSRC: isSender ? nil : 10, rejected: false, feedback: [.nack, .transportWide], extensions: map)
    let video = NegotiatedMedia(
      kind: .video, direction: direction, mid: "1", videoCodec: codec, payloadType: 96,
      rtxPayloadType: rtx ? 97 : nil, localSSRC: isSender ? 20 : 91, localRTXSSRC: isSender && rtx ? 21 : nil,
      remoteSSRC: isSender ? nil : 20, remoteRTXSSRC: isSender || !rtx ? nil : 21,
      rejected: false, feedback: [.nack, .pictureLoss, .transportWide], extensions: map)
    return [audio, video]
  }

  mutating func send(_ frame: PacketizedFrame, media: Int) {
    for packet in frame.packets.indices {
      let bytes = unsafe Self.buffer {
        unsafe sender.write(packet: packet, of: frame, media: media, now: now, into: $0)
      }
      launch(bytes, toReceiver: true, isControl: false)
    }
  }

  /// Puts any datagram onto the way to the receiver.
  mutating func inject(_ bytes: [UInt8], isControl: Bool = false) {
    launch(bytes, toReceiver: true, isControl: isControl)
  }

  static func buffer(_ write: (UnsafeMutableRawBufferPointer) -> Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1500)
    let length = unsafe bytes.withUnsafeMutableBytes { unsafe write($0) }
    return Array(bytes.prefix(length))
  }

  private mutating func launch(_ bytes: [UInt8], toReceiver: Bool, isControl: Bool) {
    guard !bytes.isEmpty else { return }
    if toReceiver, !isControl {
      packetsToReceiver += 1
      bytesToReceiver += bytes.count
      keepPlain(bytes)
      if let header = unsafe bytes.withUnsafeBytes({ unsafe RTPHeader(parsing: $0, extensions: HeaderExtensionMap()) }),
        drops(header)
      {
        return
      }
    }
    let loss = isControl ? network.controlLoss : network.loss
    guard Double.random(in: 0..<1, using: &random) >= loss else { return }
    let copies = Double.random(in: 0..<1, using: &random) < network.duplicates ? 2 : 1
    for _ in 0..<copies {
      let late = MediaTime(nanoseconds: Int64.random(in: 0...network.jitter.nanoseconds, using: &random))
      flights.append(
        Flight(arrival: now + network.delay + late, bytes: bytes, toReceiver: toReceiver, isControl: isControl))
    }
  }

  /// Lets the time pass in steps of a millisecond, with all that is due in it.
  mutating func run(_ duration: MediaTime) {
    let end = now + duration
    while now < end {
      now += .milliseconds(1)
      if flights.contains(where: { $0.arrival <= now }) {
        let due = flights.filter { $0.arrival <= now }.sorted { $0.arrival < $1.arrival }
        flights.removeAll { $0.arrival <= now }
        for flight in due { deliver(flight) }
      }
      if receiver.nextDeadline <= now { receiver.advance(to: now) }
      drain()
      control()
    }
  }

  private mutating func deliver(_ flight: Flight) {
    _ = unsafe flight.bytes.withUnsafeBytes { bytes in
      switch (flight.toReceiver, flight.isControl) {
      case (true, false): unsafe receiver.receiveRTP(bytes, now: now)
      case (true, true): unsafe receiver.receiveRTCP(bytes, now: now)
      default: unsafe sender.receiveRTCP(bytes, now: now)
      }
    }
    if !flight.toReceiver { repeatPlainly(flight.bytes) }
  }

  private static func key(_ ssrc: UInt32, _ sequence: UInt16) -> UInt64 { UInt64(ssrc) << 16 | UInt64(sequence) }

  private mutating func keepPlain(_ bytes: [UInt8]) {
    guard
      let header = unsafe bytes.withUnsafeBytes({ unsafe RTPHeader(parsing: $0, extensions: HeaderExtensionMap()) }),
      sender.media.contains(where: { $0.localSSRC == header.ssrc && $0.rtxPayloadType == nil })
    else { return }
    plain[Self.key(header.ssrc, header.sequence)] = bytes
  }

  private mutating func repeatPlainly(_ control: [UInt8]) {
    var repeats: [[UInt8]] = []
    unsafe control.withUnsafeBytes { buffer in
      for case .nack(let ssrc, let list) in unsafe RTCPCompound(buffer) {
        for sequence in list { if let bytes = plain[Self.key(ssrc, sequence)] { repeats.append(bytes) } }
      }
    }
    for bytes in repeats { launch(bytes, toReceiver: true, isControl: false) }
  }

  private mutating func drain() {
    for output in receiver.outputs {
      switch output {
      case .videoFrame(_, let frame): videoFrames.append(frame)
      case .audioPacket(_, let packet): audioPackets.append(packet)
      case .keyFrameRequested: break
      }
    }
    receiver.outputs.removeAll()
    for case .keyFrameRequested in sender.outputs { keyFrameRequests.append(now) }
    sender.outputs.removeAll()
  }

  private mutating func control() {
    while true {
      let bytes = unsafe Self.buffer { unsafe receiver.writeControl(into: $0, now: now) }
      if bytes.isEmpty { break }
      launch(bytes, toReceiver: false, isControl: true)
    }
    while true {
      let bytes = unsafe Self.buffer { unsafe sender.writeControl(into: $0, now: now) }
      if bytes.isEmpty { break }
      launch(bytes, toReceiver: true, isControl: true)
    }
    while true {
      let bytes = unsafe Self.buffer { unsafe sender.writeRetransmission(into: $0, now: now) }
      if bytes.isEmpty { break }
      launch(bytes, toReceiver: true, isControl: false)
    }
  }
}

/// Always draws the top of a range: sequence numbers begin at 0x7fff.
struct HighestRandom: RandomNumberGenerator {
  mutating func next() -> UInt64 { .max }
}

/// Makes frames whose bytes tell their number, so that what arrives can be checked.
struct FrameSource {
  private(set) var count = 0
  private(set) var sent: [[UInt8]] = []
  private var packetizer: VP8Packetizer
  let start: MediaTime

  init(start: MediaTime) {
    self.start = start
    packetizer = VP8Packetizer(timeOrigin: start)
  }

  /// A VP8 frame as far as its first bit goes.
  mutating func next(size: Int, isKeyFrame: Bool, now: MediaTime) -> PacketizedFrame {
    var data = [UInt8](repeating: UInt8(truncatingIfNeeded: count >> 8), count: size)
    data[0] = isKeyFrame ? 0x10 : 0x11
    data[size - 1] = UInt8(truncatingIfNeeded: count)
    sent.append(data)
    count += 1
    return packetizer.packetize(encodedVideo(data, codec: .vp8, time: now - start, isKeyFrame: isKeyFrame))
  }
}
