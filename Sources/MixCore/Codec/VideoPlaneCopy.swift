extension Plane {
  /// Fills the plane with rows that lie `stride` bytes apart from `source` on; nothing happens without a source.
  func copy(from source: UnsafePointer<UInt8>?, stride sourceStride: Int) {
    guard let source = unsafe source else { return }
    for row in unsafe 0..<height {
      unsafe (base + row * stride).update(from: source + row * sourceStride, count: width)
    }
  }
}
