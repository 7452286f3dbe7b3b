import COpus

/// Opus → 48 kHz interleaved stereo. Any bytes may be given to it; mono is doubled, damage is an error.
@safe public struct OpusDecoder: ~Copyable, @unchecked Sendable {
  // @unchecked: the library's state has one owner, this value, and is used only through `mutating` calls.
  @unsafe private let state: OpaquePointer

  public init() throws(OpusError) {
    var code: Int32 = 0
    let created = unsafe opus_decoder_create(Int32(AudioFormat.sampleRate), Int32(AudioFormat.channels), &code)
    guard let created = unsafe created else { throw OpusError(code: code) }
    unsafe state = unsafe created
  }

  deinit { unsafe opus_decoder_destroy(state) }

  /// Decodes one packet to the start of `values`, which grows to 120 ms if it is shorter.
  /// - Returns: samples per channel.
  @discardableResult
  public mutating func decode(_ payload: [UInt8], into values: inout [Float]) throws(OpusError) -> Int {
    guard OpusPacketInfo(payload) != nil else { throw .corruptPacket }
    return try run(payload, recover: false, frames: OpusPacketInfo.maximumSamples, into: &values)
  }

  /// Restores the packet lost before `payload` from the copy in `payload`; `frames` is what is missing, at least one
  /// frame of `payload`. Without such a copy the library conceals.
  @discardableResult
  public mutating func decodeFEC(_ payload: [UInt8], frames: Int, into values: inout [Float]) throws(OpusError) -> Int {
    guard OpusPacketInfo(payload) != nil else { throw .corruptPacket }
    guard Self.isLength(frames) else { throw .badLength }
    return try run(payload, recover: true, frames: frames, into: &values)
  }

  /// Continues the sound for `frames` samples (a multiple of 2.5 ms, at most 120 ms) without any packet.
  @discardableResult
  public mutating func conceal(frames: Int, into values: inout [Float]) throws(OpusError) -> Int {
    guard Self.isLength(frames) else { throw .badLength }
    return try run([], recover: false, frames: frames, into: &values)
  }

  /// Forgets everything heard so far.
  public mutating func reset() { _ = unsafe copus_decoder_reset(state) }

  private static func isLength(_ frames: Int) -> Bool {
    frames > 0 && frames % 120 == 0 && frames <= OpusPacketInfo.maximumSamples
  }

  private mutating func run(
    _ payload: [UInt8], recover: Bool, frames: Int, into values: inout [Float]
  ) throws(OpusError) -> Int {
    let room = OpusPacketInfo.maximumSamples * AudioFormat.channels
    if values.count < room { values.append(contentsOf: repeatElement(0, count: room - values.count)) }
    let length = Int32(truncatingIfNeeded: min(payload.count, Int(Int32.max)))
    let result: Int32 = unsafe payload.withUnsafeBufferPointer { bytes in
      unsafe values.withUnsafeMutableBufferPointer { output in
        guard let target = output.baseAddress else { return OPUS_ALLOC_FAIL }
        // No payload means "lost": the library wants a null pointer then.
        return unsafe opus_decode_float(
          state, length == 0 ? nil : bytes.baseAddress, length, target, Int32(frames), recover ? 1 : 0)
      }
    }
    guard result >= 0 else { throw OpusError(code: result) }
    return Int(result)
  }
}
