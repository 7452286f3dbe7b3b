/// The loops over samples. Plain element-wise loops vectorise; reductions only do with explicit lanes.
enum AudioKernels {
  static func strength(_ samples: UnsafeBufferPointer<Float>) -> AudioStrength {
    guard let base = samples.baseAddress, !samples.isEmpty else { return AudioStrength() }
    let raw = unsafe UnsafeRawPointer(base)
    var squares = SIMD8<Float>.zero
    var peaks = SIMD8<Float>.zero
    let whole = samples.count & ~7
    var index = 0
    while index < whole {
      let lane = unsafe raw.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
      squares += lane * lane
      peaks = peaks.replacing(with: lane, where: lane .> peaks)
      peaks = peaks.replacing(with: -lane, where: -lane .> peaks)
      index &+= 8
    }
    var square = squares.sum()
    var peak = peaks.max()
    while index < samples.count {
      let value = unsafe samples[index]
      square += value * value
      peak = max(peak, abs(value))
      index &+= 1
    }
    return AudioStrength(peak: peak, meanSquare: square / Float(samples.count))
  }

  static func strength(_ samples: [Float]) -> AudioStrength {
    unsafe samples.withUnsafeBufferPointer { unsafe strength($0) }
  }

  /// Limits the first `frames` stereo frames to ± `limit`.
  static func bound(_ samples: inout [Float], frames: Int, to limit: Float) {
    let count = min(2 * frames, samples.count)
    unsafe samples.withUnsafeMutableBufferPointer { values in
      for index in 0..<count { unsafe values[index] = min(limit, max(-limit, values[index])) }
    }
  }

  /// sum += source · gain
  static func accumulate(_ source: [Float], gain: Float, into sum: inout [Float]) {
    let count = min(source.count, sum.count)
    unsafe source.withUnsafeBufferPointer { input in
      unsafe sum.withUnsafeMutableBufferPointer { output in
        for index in 0..<count { unsafe output[index] += input[index] * gain }
      }
    }
  }

  /// sum += source · gains, one gain per stereo frame.
  static func accumulate(_ source: [Float], gains: [Float], into sum: inout [Float]) {
    let frames = min(gains.count, min(source.count, sum.count) / 2)
    unsafe source.withUnsafeBufferPointer { input in
      unsafe gains.withUnsafeBufferPointer { gain in
        unsafe sum.withUnsafeMutableBufferPointer { output in
          for frame in 0..<frames {
            unsafe output[2 &* frame] += input[2 &* frame] * gain[frame]
            unsafe output[2 &* frame &+ 1] += input[2 &* frame &+ 1] * gain[frame]
          }
        }
      }
    }
  }

  /// Multiplies `frames` stereo frames from frame `start` on by a gain that goes evenly from `first` to `last`.
  static func ramp(_ samples: inout [Float], start: Int, frames: Int, from first: Float, to last: Float) {
    guard start >= 0, frames > 0, (start + frames) * 2 <= samples.count else { return }
    let step = (last - first) / Float(frames)
    unsafe samples.withUnsafeMutableBufferPointer { values in
      for frame in 0..<frames {
        let gain = first + step * (Float(frame) + 0.5)
        unsafe values[2 &* (start &+ frame)] *= gain
        unsafe values[2 &* (start &+ frame) &+ 1] *= gain
      }
    }
  }

  /// Fades from `old` to what stands in `samples`, over the length of `old`, beginning at stereo frame `start`.
  static func crossfade(from old: ArraySlice<Float>, into samples: inout [Float], start: Int) {
    let frames = min(old.count, samples.count - start * 2) / 2
    guard frames > 0, start >= 0 else { return }
    let step = 1 / Float(frames)
    unsafe old.withUnsafeBufferPointer { tail in
      unsafe samples.withUnsafeMutableBufferPointer { values in
        for frame in 0..<frames {
          let weight = (Float(frame) + 0.5) * step
          for channel in 0..<2 {
            let index = 2 &* (start &+ frame) &+ channel
            let was = unsafe tail[2 &* frame &+ channel]
            unsafe values[index] = was + (values[index] - was) * weight
          }
        }
      }
    }
  }
}
