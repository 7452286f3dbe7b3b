/// Scratch memory for one row, with room for kernels to read (never write) past its end.
@safe package final class RowBuffer: @unchecked Sendable {
  // @unchecked: owned by exactly one Compositor, which is noncopyable and used by one thread at a time.

  @unsafe let base: UnsafeMutablePointer<UInt8>

  package init(capacity: Int = PixelLimits.longSide + 64) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    unsafe base = unsafe memory.bindMemory(to: UInt8.self, capacity: capacity)
    unsafe base.initialize(repeating: 0, count: capacity)
  }

  deinit { unsafe base.deallocate() }
}
