import CKernels

/// Makes rows of one scaled plane, straight where they are wanted.
@safe package struct PlaneScaler {
  private enum Way {
    case copy
    case half
    case quarter
    case vertical
    case filter
  }

  let kernels: PixelKernels
  @unsafe let source: Plane
  let horizontal: AxisFilter
  let vertical: AxisFilter
  private let line: RowBuffer
  private let way: Way

  /// - Parameter line: scratch for one row of the source.
  package init(source: Plane, to size: PixelSize, kernels: PixelKernels, filters: inout FilterCache, line: RowBuffer) {
    self.kernels = kernels
    unsafe self.source = unsafe source
    self.line = line
    horizontal = unsafe filters.filter(from: source.width, to: size.width)
    vertical = unsafe filters.filter(from: source.height, to: size.height)
    way =
      switch (horizontal, vertical) {
      case let (x, y) where x.isIdentity && y.isIdentity: .copy
      case let (x, y) where x.isReduction(by: 2) && y.isReduction(by: 2): .half
      case let (x, y) where x.isReduction(by: 4) && y.isReduction(by: 4): .quarter
      case let (x, _) where x.isIdentity: .vertical
      default: .filter
      }
  }

  var width: Int { horizontal.length }
  var height: Int { vertical.length }

  /// Draws `columns` of row `y` into `target`, where column 0 belongs. With `weight` below 128 they are blended into
  /// what is there. Up to `AxisFilter.block − 1` columns before the first one may be drawn too, so that one must be a
  /// multiple of that block where this matters.
  package func draw(row y: Int, columns: Range<Int>, into target: Row, weight: Int32) {
    guard !columns.isEmpty else { return }
    let first = columns.lowerBound
    let stride = unsafe source.stride
    switch way {
    case .copy:
      unsafe put(sourceRow(y) + first, into: target + first, weight: weight, count: columns.count)
    case .half:
      unsafe kernels.half(
        target + first, sourceRow(2 * y) + 2 * first, stride: stride, weight: weight, count: columns.count)
    case .quarter:
      unsafe kernels.quarter(
        target + first, sourceRow(4 * y) + 4 * first, stride: stride, weight: weight, count: columns.count)
    case .vertical:
      unsafe put(combined(row: y, columns: columns) + first, into: target + first, weight: weight, count: columns.count)
    case .filter:
      let blocks = first / AxisFilter.block * AxisFilter.block..<columns.upperBound
      let row = unsafe combined(row: y, columns: horizontal.sources(of: blocks))
      unsafe kernels.filter(target, row, horizontal, weight: weight, columns: blocks)
    }
  }

  /// Draws a part of the picture, in samples from its corner, over whatever is there.
  ///
  /// - Parameter origin: where the picture's corner belongs.
  package func draw(_ part: Rectangle, into origin: Row, stride: Int) {
    if way == .copy, part.width == stride, unsafe source.stride == stride {
      unsafe (origin + part.y * stride).update(from: sourceRow(part.y), count: part.height * stride)
      return
    }
    for y in part.y..<part.maxY {
      unsafe draw(
        row: y, columns: part.x..<part.maxX, into: origin + y * stride, weight: PixelKernels.opaque)
    }
  }

  private func sourceRow(_ y: Int) -> SourceRow { unsafe SourceRow(source.base + y * source.stride) }

  private func put(_ row: SourceRow, into target: Row, weight: Int32, count: Int) {
    if weight == PixelKernels.opaque {
      unsafe target.update(from: row, count: count)
    } else {
      unsafe kernels.blend(target, row, weight: weight, count: count)
    }
  }

  /// The source rows that make row `y`, weighted: the one source row itself, or `columns` of the scratch line.
  private func combined(row y: Int, columns: Range<Int>) -> SourceRow {
    let filter = unsafe vertical.kernel
    let taps = unsafe Int(filter.counts[y])
    let first = unsafe sourceRow(Int(filter.starts[y]))
    if taps == 1 {
      if unsafe source.width >= AxisFilter.lane { return unsafe first }
      unsafe line.base.update(from: first, count: source.width)
      return unsafe SourceRow(line.base)
    }
    let start = columns.lowerBound
    unsafe kernels.combine(
      line.base + start, first + start, stride: source.stride, weights: filter.weights + y * filter.taps, taps: taps,
      count: columns.count)
    return unsafe SourceRow(line.base)
  }
}
