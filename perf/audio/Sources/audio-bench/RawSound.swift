import Foundation

/// Files of 16-bit mono samples.
enum RawSound {
  static func read(_ file: URL) throws -> [Float] {
    let bytes = try Data(contentsOf: file)
    return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
      Float(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)) / 32_768
    }
  }

  static func write(_ samples: [Float], to file: URL) throws {
    var bytes = Data(capacity: samples.count * 2)
    for sample in samples {
      let value = UInt16(bitPattern: Int16(max(-32_768, min(32_767, (sample * 32_768).rounded()))))
      bytes.append(UInt8(truncatingIfNeeded: value))
      bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    try bytes.write(to: file)
  }
}
