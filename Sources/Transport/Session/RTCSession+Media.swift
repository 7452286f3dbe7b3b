public import MixCore

extension RTCSession {
  /// Received RTP for other sessions; filled only while forwarding is on.
  public var forwards: ForwardQueue {
    get { plane.forwards }
    _modify { yield &plane.forwards }
  }

  public var statistics: SessionStatistics {
    var statistics = counters
    statistics.datagramsSent = transmits.totalDatagrams
    statistics.bytesSent = transmits.totalBytes
    statistics.roundTripTime = transport.roundTripTime ?? plane.roundTripTime
    statistics.overflows = transmits.dropped &+ events.dropped &+ plane.forwards.dropped
    statistics.media = media.indices.map { plane.statistics(media: $0) }
    return statistics
  }

  public mutating func setForwarding(_ isOn: Bool) { plane.forwards.isEnabled = isOn }

  /// Sends one frame, packetised once for all viewers of its codec; sound at once, pictures as fast as the path allows.
  ///
  /// False if the frame is refused because there is no room on the path. Then all further ones are, too, up to a key
  /// frame; `keyFrameRequested` tells when there is room for it.
  @discardableResult
  public mutating func send(
    _ frame: borrowing PacketizedFrame, media: Int, layer: Int = 0, now: MediaTime
  ) -> Bool {
    clock = max(clock, now)
    guard transport.isOpen, plane.enqueue(frame, media: media, layer: layer, now: now) else {
      passOutputs()
      return false
    }
    Self.sendMedia(now: now, by: transport, from: &plane, into: &transmits)
    return true
  }

  /// Bits per second the path carries of everything this session sends, headers down to IP included; `nil` while unknown.
  public var availableBitrate: Int? { plane.transportSender.bandwidth.available.map { Int($0) } }

  /// The peer tells what becomes of each packet; without that `availableBitrate` is no more than what he allows.
  public var isPathMeasured: Bool { plane.transportSender.bandwidth.hasFeedback }

  /// Pictures are refused, or wait noticeably.
  public var isCongested: Bool { plane.isCongested }

  /// What this session would send if the path carried everything: probing ends at twice that. Without it, it is what was
  /// sent or refused lately.
  /// - Parameter better: what it would send with a better layer than the one that runs. Where the peer tells no more than
  ///   what he allows, it is tried now and then whether the path carries that: `availableBitrate` says so meanwhile.
  public mutating func setMediaBitrates(wanted: Int?, better: Int? = nil) {
    plane.transportSender.bandwidth.wanted = wanted.map { Double($0) }
    plane.transportSender.bandwidth.better = better.map { Double($0) }
  }

  /// Sends a packet another session received, as part of our own stream.
  public mutating func forward(
    _ packet: ForwardQueue.Packet, in queue: borrowing ForwardQueue, media: Int, now: MediaTime
  ) {
    clock = max(clock, now)
    guard transport.isOpen else { return }
    Self.forward(packet, in: queue, media: media, now: now, by: transport, from: &plane, into: &transmits)
    passOutputs()
  }

  /// Asks the peer for a key frame, again and again until one comes, at most once a second.
  public mutating func requestKeyFrame(media: Int, now: MediaTime) {
    clock = max(clock, now)
    plane.requestKeyFrame(media: media, now: now)
  }

  mutating func receiveRTP(_ packet: UnsafeRawBufferPointer, now: MediaTime) -> ReceiveOutcome {
    let isTaken = unsafe plane.receiveRTP(packet, now: now)
    passOutputs()
    return isTaken ? .accepted : .dropped(.unwantedMedia)
  }

  mutating func receiveRTCP(_ packet: UnsafeRawBufferPointer, now: MediaTime) -> ReceiveOutcome {
    let isTaken = unsafe plane.receiveRTCP(packet, now: now)
    Self.sendMedia(now: now, by: transport, from: &plane, into: &transmits)
    passOutputs()
    return isTaken ? .accepted : .dropped(.unwantedMedia)
  }

  mutating func advanceMedia(to now: MediaTime) {
    guard transport.isOpen else { return }
    plane.advance(to: now)
    Self.sendMedia(now: now, by: transport, from: &plane, into: &transmits)
    Self.sendControl(now: now, by: transport, from: &plane, into: &transmits)
    passOutputs()
  }

  mutating func sendGoodbye() { Self.sendGoodbye(by: transport, from: &plane, into: &transmits) }

  private mutating func passOutputs() {
    guard !plane.outputs.isEmpty else { return }
    for output in plane.outputs { events.append(RTCEvent(output)) }
    plane.outputs.removeAll(keepingCapacity: true)
  }
}

// The parts of a session that take part in sending, each on its own, so that the writing closure may change one of them.
extension RTCSession {
  private static func forward(
    _ packet: ForwardQueue.Packet, in queue: borrowing ForwardQueue, media: Int, now: MediaTime,
    by transport: borrowing SecureTransport, from plane: inout MediaPlane, into transmits: inout TransmitQueue
  ) {
    let bytes = queue.bytes
    let range = packet.payloadOffset..<(packet.payloadOffset + packet.payloadLength)
    guard range.upperBound <= bytes.count else { return }
    unsafe transport.send(into: &transmits) { buffer in
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe plane.enqueue(
          forwarded: packet, payload: UnsafeRawBufferPointer(rebasing: bytes[range]), media: media, now: now,
          into: buffer)
      }
    }
  }

  /// Everything that may leave now.
  private static func sendMedia(
    now: MediaTime, by transport: borrowing SecureTransport, from plane: inout MediaPlane,
    into transmits: inout TransmitQueue
  ) {
    repeatWhileSending(into: &transmits) { transmits in
      unsafe transport.send(into: &transmits) { unsafe plane.writeNext(into: $0, now: now) }
    }
  }

  private static func sendControl(
    now: MediaTime, by transport: borrowing SecureTransport, from plane: inout MediaPlane,
    into transmits: inout TransmitQueue
  ) {
    repeatWhileSending(into: &transmits) { transmits in
      unsafe transport.send(isRTCP: true, into: &transmits) { unsafe plane.writeControl(into: $0, now: now) }
    }
  }

  private static func sendGoodbye(
    by transport: borrowing SecureTransport, from plane: inout MediaPlane, into transmits: inout TransmitQueue
  ) {
    unsafe transport.send(isRTCP: true, into: &transmits) { unsafe plane.writeGoodbye(into: $0) }
  }

  private static func repeatWhileSending(
    into transmits: inout TransmitQueue, _ send: (inout TransmitQueue) -> Void
  ) {
    var before: Int
    repeat {
      before = transmits.datagrams.count
      send(&transmits)
    } while transmits.datagrams.count > before
  }
}

extension RTCEvent {
  init(_ output: MediaOutput) {
    self =
      switch output {
      case .videoFrame(let media, let frame): .videoFrame(media: media, frame)
      case .audioPacket(let media, let packet): .audioPacket(media: media, packet)
      case .keyFrameRequested(let media): .keyFrameRequested(media: media)
      }
  }
}
