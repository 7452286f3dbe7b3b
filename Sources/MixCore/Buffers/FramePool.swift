import Synchronization

/// The memory of one picture: three planes behind each other, rows padded to whole cache lines.
@safe final class FrameStorage: @unchecked Sendable {
  // @unchecked: owned by exactly one VideoFrame at a time; the pool hands it on only after that frame is gone.

  let size: PixelSize
  let lumaStride: Int
  let chromaStride: Int
  let chromaOffset: Int
  @unsafe let base: UnsafeMutablePointer<UInt8>

  private static let alignment = 64

  /// Kernels may read (never write) up to this many bytes past the last row.
  private static let tailPadding = 64

  init(size: PixelSize) {
    self.size = size
    lumaStride = Self.padded(size.width)
    chromaStride = Self.padded((size.width + 1) / 2)
    chromaOffset = lumaStride * size.height
    let count = chromaOffset + 2 * chromaStride * ((size.height + 1) / 2) + Self.tailPadding
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: Self.alignment)
    unsafe base = unsafe memory.bindMemory(to: UInt8.self, capacity: count)
    unsafe base.initialize(repeating: 0, count: count)
  }

  deinit { unsafe base.deallocate() }

  private static func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}

/// Gives out pictures of any size and keeps a bounded number of free ones for reuse.
public final class FramePool: Sendable {
  private let free = Mutex<[FrameStorage]>([])
  private let capacity: Int

  /// - Parameter capacity: free pictures kept; further ones are given back to the system.
  public init(capacity: Int = 24) { self.capacity = capacity }

  /// A picture with undefined content, or `nil` when the size is empty or beyond `PixelLimits`.
  public func acquire(_ size: PixelSize) -> VideoFrame? {
    guard PixelLimits.allows(size) else { return nil }
    let reused = free.withLock { list -> FrameStorage? in
      guard let index = list.lastIndex(where: { $0.size == size }) else { return nil }
      return list.remove(at: index)
    }
    return VideoFrame(size: size, storage: reused ?? FrameStorage(size: size), pool: self)
  }

  func recycle(_ storage: FrameStorage) {
    free.withLock { list in
      // The oldest goes first: after a change of size its kind is no longer asked for.
      list.append(storage)
      if list.count > capacity { list.removeFirst() }
    }
  }
}

/// Largest picture accepted anywhere: 1080p in macroblocks, either way up.
public enum PixelLimits {
  public static let longSide = 1920
  public static let shortSide = 1088

  public static func allows(_ size: PixelSize) -> Bool {
    size.width > 0 && size.height > 0 && max(size.width, size.height) <= longSide
      && min(size.width, size.height) <= shortSide
  }
}
