/// Decoded sound that waits to be read, with a little of what was read already: a line of stereo frames in one array
/// that is moved back to the front when it reaches the end.
struct SampleQueue: Sendable {
  /// Frames kept behind the head, for the interpolator and for repeating a piece.
  static let history = 1_600
  /// Half a second of frames can wait.
  static let capacity = 24_000
  private static let slack = 8_000

  private var storage = [Float](repeating: 0, count: 2 * (history + capacity + slack))
  /// Index of the next frame to be read and of the first free one.
  private var head = history
  private var end = history

  var count: Int { end - head }
  var room: Int { Self.capacity - count }

  /// Appends frames `first ..< first + frames` of `source`; what does not fit any more is left out.
  mutating func append(_ source: [Float], from first: Int = 0, frames: Int) {
    let wanted = min(frames, room, source.count / 2 - first)
    guard wanted > 0, first >= 0 else { return }
    makeRoom(wanted)
    let start = 2 * end
    unsafe source.withUnsafeBufferPointer { input in
      unsafe storage.withUnsafeMutableBufferPointer { memory in
        for index in 0..<(2 * wanted) { unsafe memory[start &+ index] = input[2 &* first &+ index] }
      }
    }
    end += wanted
  }

  mutating func appendSilence(_ frames: Int) {
    let wanted = min(frames, room)
    guard wanted > 0 else { return }
    makeRoom(wanted)
    let start = 2 * end
    unsafe storage.withUnsafeMutableBufferPointer { memory in
      for index in start..<(start + 2 * wanted) { unsafe memory[index] = 0 }
    }
    end += wanted
  }

  mutating func consume(_ frames: Int) { head = min(head + max(0, frames), end) }

  func copy(to output: inout [Float], frames: Int) {
    let values = 2 * min(frames, count, output.count / 2)
    let start = 2 * head
    unsafe storage.withUnsafeBufferPointer { memory in
      unsafe output.withUnsafeMutableBufferPointer { target in
        for index in 0..<values { unsafe target[index] = memory[start &+ index] }
      }
    }
  }

  /// Gives the address of the frame at the head; `history` frames before it and `count` from it on may be read.
  func withHead<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    unsafe storage.withUnsafeBufferPointer { memory in
      // The array is never empty, so it has an address.
      unsafe body(memory.baseAddress.unsafelyUnwrapped + 2 * head)
    }
  }

  /// Leaves out `distance` frames at the head, fading from what comes next to what comes then.
  mutating func skip(_ distance: Int, fade: Int) {
    guard distance > 0, fade >= 0, distance + fade <= count else { return }
    let kept = min(distance, Self.history)
    let from = 2 * head
    unsafe storage.withUnsafeMutableBufferPointer { memory in
      unsafe Self.blend(memory, old: from, new: from + 2 * distance, into: from + 2 * distance, frames: fade)
      // The interpolator looks back over the joint.
      for index in stride(from: 2 * kept - 1, through: 0, by: -1) {
        unsafe memory[from + 2 * (distance - kept) + index] = memory[from - 2 * kept + index]
      }
    }
    head += distance
  }

  /// Plays the last `distance` frames once more, fading from what would have come next to them.
  mutating func repeatLast(_ distance: Int, fade: Int) {
    guard distance > 0, distance <= Self.history - FractionalResampler.before, fade <= min(distance, count),
      distance <= room
    else { return }
    makeRoom(distance)
    let from = 2 * head
    let shift = 2 * distance
    unsafe storage.withUnsafeMutableBufferPointer { memory in
      for index in stride(from: 2 * end - 1, through: from + 2 * fade - shift, by: -1) {
        unsafe memory[index + shift] = memory[index]
      }
      // What would have come next is still in place; the repeated piece stands before the head.
      unsafe Self.blend(memory, old: from, new: from - shift, into: from, frames: fade)
    }
    end += distance
  }

  private static func blend(
    _ memory: UnsafeMutableBufferPointer<Float>, old: Int, new: Int, into target: Int, frames: Int
  ) {
    let step = 1 / Float(max(frames, 1))
    for frame in 0..<frames {
      let weight = (Float(frame) + 0.5) * step
      for channel in 0..<2 {
        let index = 2 &* frame &+ channel
        let was = unsafe memory[old &+ index]
        unsafe memory[target &+ index] = was + (memory[new &+ index] - was) * weight
      }
    }
  }

  private mutating func makeRoom(_ frames: Int) {
    guard 2 * (end + frames) > storage.count else { return }
    let offset = 2 * (head - Self.history)
    let values = 2 * (end - head + Self.history)
    unsafe storage.withUnsafeMutableBufferPointer { memory in
      for index in 0..<values { unsafe memory[index] = memory[offset &+ index] }
    }
    end -= head - Self.history
    head = Self.history
  }
}
