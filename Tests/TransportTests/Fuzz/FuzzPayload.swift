import MixCore

@testable import Transport

/// Feeds the input to a receive stream, VP8, H.264 or audio with redundancy by its first byte, cut into packets: a byte of
/// length, a byte of flags and a byte of distance each.
func fuzzPayload(_ input: [UInt8]) {
  guard let first = input.first else { return }
  unsafe input.withUnsafeBytes {
    _ = unsafe VP8Descriptor(parsing: $0)
    _ = unsafe PayloadSummary($0, codec: .h264)
    _ = unsafe PictureSize.find(in: $0, headerLength: 1, codec: first & 1 == 0 ? .vp8 : .h264)
    unsafe checkBlocks(of: $0)
  }
  receive(input.dropFirst(), codec: first % 3 == 2 ? nil : first % 3 == 0 ? .vp8 : .h264)
}

/// All blocks lie in the payload, one behind the other.
private func checkBlocks(of payload: UnsafeRawBufferPointer) {
  guard let red = unsafe RedundantPayload(payload, primaryType: 96) else { return }
  var end = 0
  for block in red {
    precondition(block.range.lowerBound >= end && (1...RedundantPayload.maximumBlocks).contains(block.distance))
    end = block.range.upperBound
  }
  precondition(end <= red.primary.lowerBound && red.primary.upperBound == payload.count && !red.primary.isEmpty)
}

private func receive(_ input: ArraySlice<UInt8>, codec: VideoCodec?) {
  let media = NegotiatedMedia(
    kind: codec == nil ? .audio : .video, direction: .receive, mid: "0", videoCodec: codec, payloadType: 96,
    rtxPayloadType: 97, localSSRC: 1, redPayloadType: codec == nil ? 98 : nil, rejected: false,
    feedback: [.nack, .pictureLoss], extensions: HeaderExtensionMap())
  var stream = ReceiveStream(media: media, index: 0)
  var clock = CaptureClock(clockRates: [90_000])
  var outputs: [MediaOutput] = []
  var forwards = ForwardQueue()
  forwards.isEnabled = true
  var now = MediaTime.seconds(1)
  var header = RTPHeader(
    marker: false, payloadType: 96, sequence: 65_500, timestamp: 0xffff_ff00, ssrc: 9)
  var rest = input
  while rest.count > 3 {
    let (length, flags, step) = (Int(rest.removeFirst()), rest.removeFirst(), rest.removeFirst())
    let payload = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    header.marker = flags & 1 != 0
    header.payloadType = flags & 0x80 != 0 ? 97 : codec == nil && flags & 1 == 0 ? 98 : 96
    if flags & 2 != 0 { header.timestamp &+= 3000 }
    if flags & 4 != 0 { header.ssrc ^= 1 }
    header.sequence &+= flags & 8 != 0 ? UInt16(step) << 6 : UInt16(truncatingIfNeeded: Int(step) % 8 - 2)
    now += .milliseconds(Int64(flags >> 4 & 7) * 30)
    unsafe payload.withUnsafeBytes { bytes in
      _ = unsafe stream.receive(
        header: header, payload: bytes, arrival: now, clock: &clock, outputs: &outputs, forwards: &forwards)
    }
    if stream.nextDeadline <= now { stream.advance(to: now, clock: clock, outputs: &outputs) }
    var buffer = [UInt8](repeating: 0, count: 1200)
    unsafe buffer.withUnsafeMutableBytes { target in
      var writer = unsafe RTCPWriter(target)
      stream.writeFeedback(into: &writer, sender: 1, now: now)
    }
    forwards.removeAll()
    check(outputs, received: input.count)
    outputs.removeAll(keepingCapacity: true)
  }
}

/// No frame is larger than all that was received, no capture time lies outside the second before the arrival.
private func check(_ outputs: [MediaOutput], received: Int) {
  for case .videoFrame(_, let frame) in outputs {
    precondition(!frame.data.isEmpty && frame.data.count <= received * 2)
    precondition(frame.captureTime <= frame.firstPacket && frame.captureTime >= frame.firstPacket - .seconds(1))
  }
}
