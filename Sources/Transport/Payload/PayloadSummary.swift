import MixCore

/// What frame assembly must know of a video payload without putting it together.
struct PayloadSummary: Sendable {
  /// Bytes in front of the codec's own.
  var headerLength = 0
  /// Certainly the first packet of a frame. H.264 does not tell: there it is true for parameter sets only.
  var startsFrame = false
  /// The packet begins, or holds, a picture that needs no other.
  var isKeyFrame = false
  /// Sequence parameters of H.264: a key frame has them in front, but some encoders repeat them before any picture.
  var holdsParameters = false
  /// H.264: with the picture behind this recovery point one may begin to decode; so many frames later all is right.
  var recoveryFrames: UInt16?
  /// Parameter sets of H.264 and no part of a picture, nor what is said of one.
  var holdsOnlyParameters: Bool { holdsParameterSet && !holdsPicture && recoveryFrames == nil }
  var vp8: VP8Descriptor?
  private var holdsParameterSet = false
  private var holdsPicture = false

  var mayBeginKeyFrame: Bool { isKeyFrame || holdsParameters }

  /// `nil` if the payload cannot be of that codec.
  init?(_ payload: UnsafeRawBufferPointer, codec: VideoCodec) {
    switch codec {
    case .vp8:
      guard let descriptor = unsafe VP8Descriptor(parsing: payload), descriptor.length < payload.count else {
        return nil
      }
      vp8 = descriptor
      headerLength = descriptor.length
      startsFrame = descriptor.startsFrame
      // RFC 6386 §9.1: the first bit of a frame is 0 for key frames.
      isKeyFrame = unsafe startsFrame && payload[descriptor.length] & 1 == 0
    case .h264:
      guard let first = unsafe payload.first else { return nil }
      switch first & H264NAL.typeMask {
      case H264NAL.aggregation:
        let units = unsafe H264Units(UnsafeRawBufferPointer(rebasing: payload.dropFirst()), hasLongLengths: false)
        for unit in units { note(unit) }
      case H264NAL.fragment:
        guard payload.count > 2 else { return nil }
        if unsafe payload[1] & 0x80 != 0 { note(unsafe payload[1] & H264NAL.typeMask) }
      default: note(unsafe H264Unit(bytes: payload))
      }
    }
  }

  private mutating func note(_ unit: H264Unit) {
    note(unit.type)
    if let frames = unit.recoveryFrames { recoveryFrames = frames }
  }

  private mutating func note(_ type: UInt8) {
    switch type {
    case H264NAL.sequenceParameters:
      startsFrame = true
      holdsParameters = true
      holdsParameterSet = true
    case H264NAL.pictureParameters: holdsParameterSet = true
    case H264NAL.accessUnitDelimiter: startsFrame = true
    case H264NAL.slice..<H264NAL.idrSlice: holdsPicture = true
    case H264NAL.idrSlice:
      holdsPicture = true
      isKeyFrame = true
    default: break
    }
  }
}
