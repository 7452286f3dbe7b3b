import CYUV
import MixCore

/// What a compositor does with one luma plane, by our kernels and by libyuv.
struct Jobs {
  private var filters = FilterCache()
  private let line = RowBuffer()

  mutating func copy(_ size: PixelSize) -> Measurement {
    let (source, target) = planes(size)
    let scaler = PlaneScaler(source: source.plane, to: size, kernels: .best, filters: &filters, line: line)
    return measure("copy \(size.text)") {
      scaler.draw(into: target)
    } libyuv: {
      CopyPlane(source.base, source.stride, target.base, target.stride, source.width, source.height)
    }
  }

  mutating func scale(_ from: PixelSize, _ to: PixelSize) -> Measurement {
    let source = TestPlane(width: from.width, height: from.height, seed: 1)
    let target = TestPlane(width: to.width, height: to.height, seed: 2)
    let scaler = PlaneScaler(source: source.plane, to: to, kernels: .best, filters: &filters, line: line)
    return measure("scale \(from.text) → \(to.text)") {
      scaler.draw(into: target)
    } libyuv: {
      source.scaleByLibyuv(into: target)
    }
  }

  func blend(_ size: PixelSize) -> Measurement {
    let (source, target) = planes(size)
    let (width, height) = (size.width, size.height)
    return measure("blend, one weight, \(size.text)") {
      for y in 0..<height {
        PixelKernels.best.blend(
          target.base + y * target.plane.stride, source.base + y * source.plane.stride, weight: 90, count: width)
      }
    } libyuv: {
      target.blendByLibyuv(source, weight: 90)
    }
  }

  func blendMasked(_ size: PixelSize) -> Measurement {
    let (source, target) = planes(size)
    let mask = TestPlane(width: size.width, height: size.height, seed: 3)
    for index in 0..<mask.plane.stride * size.height { mask.base[index] &= 127 }
    let (width, height) = (size.width, size.height)
    return measure("blend, weight per sample, \(size.text)") {
      for y in 0..<height {
        PixelKernels.best.blend(
          target.base + y * target.plane.stride, source.base + y * source.plane.stride,
          mask: mask.base + y * mask.plane.stride, count: width)
      }
    } libyuv: {
      BlendPlane(
        source.base, source.stride, target.base, target.stride, mask.base, mask.stride, target.base, target.stride,
        target.width, target.height)
    }
  }

  /// Ours blends while it scales, libyuv scales into a picture of its own and blends that.
  mutating func scaleAndBlend(_ from: PixelSize, _ to: PixelSize) -> Measurement {
    let source = TestPlane(width: from.width, height: from.height, seed: 1)
    let (between, target) = planes(to)
    let scaler = PlaneScaler(source: source.plane, to: to, kernels: .best, filters: &filters, line: line)
    return measure("scale+blend \(from.text) → \(to.text)") {
      scaler.draw(into: target, weight: 90)
    } libyuv: {
      source.scaleByLibyuv(into: between)
      target.blendByLibyuv(between, weight: 90)
    }
  }

  private func planes(_ size: PixelSize) -> (TestPlane, TestPlane) {
    (
      TestPlane(width: size.width, height: size.height, seed: 1),
      TestPlane(width: size.width, height: size.height, seed: 2)
    )
  }
}

extension PlaneScaler {
  fileprivate func draw(into target: TestPlane) {
    draw(
      Rectangle(x: 0, y: 0, width: target.plane.width, height: target.plane.height), into: target.base,
      stride: target.plane.stride)
  }

  fileprivate func draw(into target: TestPlane, weight: Int32) {
    for y in 0..<target.plane.height {
      draw(row: y, columns: 0..<target.plane.width, into: target.base + y * target.plane.stride, weight: weight)
    }
  }
}

extension TestPlane {
  fileprivate func scaleByLibyuv(into target: TestPlane) {
    ScalePlane(
      base, stride, width, height, target.base, target.stride, target.width, target.height, kFilterBox)
  }

  /// libyuv's fastest blend with one weight for all samples (of 256).
  fileprivate func blendByLibyuv(_ source: TestPlane, weight: Int32) {
    InterpolatePlane(
      base, stride, source.base, source.stride, base, stride, width, height, 2 * weight)
  }
}

extension PixelSize {
  var text: String { "\(width)×\(height)" }
}
