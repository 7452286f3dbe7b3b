/// Width and height in luma pixels.
public struct PixelSize: Hashable, Sendable, Codable {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// One plane of 8-bit samples that somebody else owns; valid as long as the owner is.
@unsafe public struct Plane {
  public var base: UnsafeMutablePointer<UInt8>
  /// Bytes from one row to the next; at least `width`.
  public var stride: Int
  public var width: Int
  public var height: Int

  public init(base: UnsafeMutablePointer<UInt8>, stride: Int, width: Int, height: Int) {
    unsafe self.base = unsafe base
    unsafe self.stride = stride
    unsafe self.width = width
    unsafe self.height = height
  }
}

/// An I420 picture (matrix of BT.601, limited range) in pooled memory.
///
/// Its maker writes it through `withMutablePlanes` while it is the only holder; from the hand-over on it is immutable
/// and shared by reference. The last release gives the memory back to its pool.
public final class VideoFrame: @unchecked Sendable {
  // @unchecked: written only by its maker before it is shared, read-only afterwards (checked by review and TSan runs).

  public let size: PixelSize
  let storage: FrameStorage
  private let pool: FramePool?

  init(size: PixelSize, storage: FrameStorage, pool: FramePool?) {
    self.size = size
    self.storage = storage
    self.pool = pool
  }

  deinit { pool?.recycle(storage) }

  public var width: Int { size.width }
  public var height: Int { size.height }
  public var chromaWidth: Int { (size.width + 1) / 2 }
  public var chromaHeight: Int { (size.height + 1) / 2 }

  /// Luma, Cb, Cr. The pointers must not outlive the frame; nothing may be written through them once it is shared.
  @unsafe public var y: Plane {
    unsafe Plane(base: storage.base, stride: storage.lumaStride, width: width, height: height)
  }
  @unsafe public var u: Plane {
    unsafe Plane(
      base: storage.base + storage.chromaOffset, stride: storage.chromaStride, width: chromaWidth, height: chromaHeight)
  }
  @unsafe public var v: Plane {
    unsafe Plane(
      base: storage.base + storage.chromaOffset + storage.chromaStride * chromaHeight, stride: storage.chromaStride,
      width: chromaWidth, height: chromaHeight)
  }
}
