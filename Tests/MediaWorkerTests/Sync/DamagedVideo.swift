import SyntheticClient
import Transport

/// VP8 that no decoder can make sense of.
enum DamagedVideo {
  private static let frameRate = 20
  private static let width = 640
  private static let height = 360

  /// A second of it: noise behind the header of a whole picture and of a difference, a header that promises more than
  /// there is, and one of a picture beyond all limits.
  static func recorded() -> RecordedVideo? {
    var random = RandomSource.seeded(state: 5)
    // IVF: a header, then frames behind their lengths and time stamps.
    var file = Array("DKIF".utf8)
    file += little(0, bytes: 2)
    file += little(32, bytes: 2)
    file += Array("VP80".utf8)
    file += little(width, bytes: 2)
    file += little(height, bytes: 2)
    for value in [frameRate, 1, frameRate, 0] { file += little(value, bytes: 4) }
    for number in 0..<frameRate {
      let content = frame(number, &random)
      file += little(content.count, bytes: 4)
      file += little(number, bytes: 8)
      file += content
    }
    return RecordedVideo(ivf: file)
  }

  private static func frame(_ number: Int, _ random: inout RandomSource) -> [UInt8] {
    let noise = (0..<4_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    switch number % 4 {
    case 0: return keyFrame(width, height, firstPart: 2_000) + noise
    case 1: return tag(isKeyFrame: false, firstPart: 2_000) + noise
    case 2: return keyFrame(width, height, firstPart: 300_000) + noise
    default: return keyFrame(16_383, 16_383, firstPart: 2_000) + noise
    }
  }

  /// RFC 6386 §9.1.
  private static func keyFrame(_ width: Int, _ height: Int, firstPart: Int) -> [UInt8] {
    let startCode: [UInt8] = [0x9d, 0x01, 0x2a]
    return tag(isKeyFrame: true, firstPart: firstPart) + startCode + little(width, bytes: 2) + little(height, bytes: 2)
  }

  private static func tag(isKeyFrame: Bool, firstPart: Int) -> [UInt8] {
    let isShown = 1 << 4
    return little((isKeyFrame ? 0 : 1) | isShown | firstPart << 5, bytes: 3)
  }

  private static func little(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
