import MixCore

/// A plane with its own memory, like those of a `VideoFrame`: rows begin at cache lines.
final class TestPlane {
  let plane: Plane
  private let memory: UnsafeMutableRawPointer

  init(width: Int, height: Int, seed: UInt8) {
    let stride = (width + 63) / 64 * 64
    memory = .allocate(byteCount: stride * height + 64, alignment: 64)
    let base = memory.bindMemory(to: UInt8.self, capacity: stride * height + 64)
    for index in 0..<stride * height + 64 { base[index] = seed &+ UInt8(truncatingIfNeeded: index &* 7 &+ index / 13) }
    plane = Plane(base: base, stride: stride, width: width, height: height)
  }

  deinit { memory.deallocate() }

  var base: UnsafeMutablePointer<UInt8> { plane.base }
  var stride: Int32 { Int32(plane.stride) }
  var width: Int32 { Int32(plane.width) }
  var height: Int32 { Int32(plane.height) }
}
