import COpus

/// 10 ms blocks in, Opus packets of one fixed duration out.
public struct OpusEncoder: ~Copyable, Sendable {
  private let library: OpusEncoderLibrary
  private let packetFrames: Int
  private var pending: [Float]
  private var pendingFrames = 0
  private var output = [UInt8](repeating: 0, count: Self.largestPacket)
  private var startTime: MediaTime?
  private var encodedFrames: Int64 = 0

  public let format: AudioTrackFormat

  /// What the sound is, which decides between the codec's two halves.
  public enum Content: Sendable {
    case music
    case speech
  }

  /// Three 20 ms frames of 1 275 bytes (RFC 6716 §3.2.1) with their lengths.
  private static let largestPacket = 4_000

  /// - Parameters:
  ///   - bitrate: bits per second, 6 000 … 510 000.
  ///   - frameMilliseconds: 10, 20, 40 or 60.
  ///   - inBandFEC: repeat each packet at low bitrate in its successor; only speech modes can.
  ///   - expectedLossPercent: the more, the more of the bitrate goes into the repetition.
  ///   - discontinuous: send next to nothing while there is silence.
  public init(
    bitrate: Int = 96_000, frameMilliseconds: Int = 20, inBandFEC: Bool = false, expectedLossPercent: Int = 0,
    content: Content = .music, complexity: Int = 9, discontinuous: Bool = false
  ) throws(OpusError) {
    guard [10, 20, 40, 60].contains(frameMilliseconds) else {
      throw .unsupportedFrameDuration(milliseconds: frameMilliseconds)
    }
    guard (6_000...510_000).contains(bitrate), (0...100).contains(expectedLossPercent), (0...10).contains(complexity)
    else { throw .badSetting }
    let library = try OpusEncoderLibrary(
      application: content == .speech ? OPUS_APPLICATION_VOIP : OPUS_APPLICATION_AUDIO)
    let settings: [(request: Int32, value: Int)] = [
      (OPUS_SET_BITRATE_REQUEST, bitrate), (OPUS_SET_COMPLEXITY_REQUEST, complexity),
      (OPUS_SET_INBAND_FEC_REQUEST, inBandFEC ? 1 : 0), (OPUS_SET_PACKET_LOSS_PERC_REQUEST, expectedLossPercent),
      (OPUS_SET_DTX_REQUEST, discontinuous ? 1 : 0),
      (OPUS_SET_SIGNAL_REQUEST, Int(content == .speech ? OPUS_SIGNAL_VOICE : OPUS_AUTO)),
    ]
    for setting in settings { try library.set(setting.request, setting.value) }
    // Everything that can throw is done: a noncopyable value cannot be given up half made.
    self.library = library
    packetFrames = AudioFormat.sampleRate / 1_000 * frameMilliseconds
    pending = [Float](repeating: 0, count: packetFrames * AudioFormat.channels)
    let lookahead = library.get(OPUS_GET_LOOKAHEAD_REQUEST)
    format = AudioTrackFormat(
      codec: .opus, extradata: Self.header(preSkip: UInt16(truncatingIfNeeded: lookahead)), primingSamples: lookahead)
  }

  /// Takes 10 ms. When a packet is full it comes out with the time of its first input sample; only the first `time`
  /// counts, the rest follows from the number of samples.
  public mutating func encode(_ block: borrowing AudioBlock, time: MediaTime) throws(OpusError) -> EncodedPacket? {
    if startTime == nil { startTime = time }
    let offset = pendingFrames * AudioFormat.channels
    for index in 0..<min(AudioFormat.tickValues, block.values.count) { pending[offset + index] = block.values[index] }
    pendingFrames += AudioFormat.tickFrames
    guard pendingFrames == packetFrames else { return nil }
    pendingFrames = 0
    let length = try library.encode(pending, frames: packetFrames, into: &output)
    let rate = Int64(AudioFormat.sampleRate)
    let packetTime = (startTime ?? time) + MediaTime(count: encodedFrames, rate: rate)
    encodedFrames += Int64(packetFrames)
    return EncodedPacket(
      track: .audio(.opus), data: [UInt8](output[..<length]), time: packetTime,
      duration: MediaTime(count: Int64(packetFrames), rate: rate), isKeyFrame: true)
  }

  /// Changes the bitrate from the next packet on.
  public mutating func setBitrate(_ bitrate: Int) throws(OpusError) {
    guard (6_000...510_000).contains(bitrate) else { throw .badSetting }
    try library.set(OPUS_SET_BITRATE_REQUEST, bitrate)
  }

  /// OpusHead (RFC 7845 §5.1): magic, version 1, channels, pre-skip, input rate, gain 0, mapping family 0.
  private static func header(preSkip: UInt16) -> [UInt8] {
    let rate = UInt32(AudioFormat.sampleRate)
    return Array("OpusHead".utf8) + [1, UInt8(AudioFormat.channels)]
      + (0..<2).map { UInt8(truncatingIfNeeded: preSkip >> ($0 * 8)) }
      + (0..<4).map { UInt8(truncatingIfNeeded: rate >> ($0 * 8)) } + [0, 0, 0]
  }
}

/// The library's encoder and its memory.
@safe private final class OpusEncoderLibrary: @unchecked Sendable {
  // @unchecked: it belongs to exactly one OpusEncoder, which cannot be copied.
  @unsafe private let state: OpaquePointer

  init(application: Int32) throws(OpusError) {
    var code: Int32 = 0
    let created = unsafe opus_encoder_create(
      Int32(AudioFormat.sampleRate), Int32(AudioFormat.channels), application, &code)
    guard let created = unsafe created else { throw OpusError(code: code) }
    unsafe state = unsafe created
  }

  deinit { unsafe opus_encoder_destroy(state) }

  func set(_ request: Int32, _ value: Int) throws(OpusError) {
    let code = unsafe copus_encoder_set(state, request, Int32(truncatingIfNeeded: value))
    guard code == OPUS_OK else { throw OpusError(code: code) }
  }

  func get(_ request: Int32) -> Int {
    var value: Int32 = 0
    _ = unsafe copus_encoder_get(state, request, &value)
    return Int(value)
  }

  func encode(_ values: [Float], frames: Int, into output: inout [UInt8]) throws(OpusError) -> Int {
    let length: Int32 = unsafe values.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { bytes in
        guard let samples = input.baseAddress, let target = bytes.baseAddress else { return OPUS_ALLOC_FAIL }
        return unsafe opus_encode_float(state, samples, Int32(frames), target, Int32(bytes.count))
      }
    }
    guard length > 0 else { throw OpusError(code: length) }
    return Int(length)
  }
}
