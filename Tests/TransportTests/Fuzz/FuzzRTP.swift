@testable import Transport

/// Reads the bytes as a packet with every extension number known; what can be read can be written and read again.
func fuzzRTP(_ input: [UInt8]) {
  var map = HeaderExtensionMap()
  for (index, kind) in HeaderExtension.allCases.enumerated() { map[kind] = UInt8(index + 1) }
  unsafe input.withUnsafeBytes { bytes in
    guard let header = unsafe RTPHeader(parsing: bytes, extensions: map) else { return }
    _ = unsafe header.payload(of: bytes).reduce(0 as UInt8, ^)
    var buffer = [UInt8](repeating: 0, count: 1500)
    unsafe buffer.withUnsafeMutableBytes { target in
      var writer = unsafe ByteWriter(target)
      header.write(into: &writer, extensions: map)
      precondition(writer.finished > 0)
      let written = unsafe UnsafeRawBufferPointer(rebasing: target[..<writer.finished])
      let again = unsafe RTPHeader(parsing: written, extensions: map)
      precondition(again?.extensions == header.extensions && again?.sequence == header.sequence)
    }
  }
}
