import CKernels

/// The row kernels of one instruction set; see `ckernels.h` for what each of them promises.
@safe package struct PixelKernels: @unchecked Sendable {
  // @unchecked: points to a constant table of functions.

  package enum InstructionSet: String, Sendable, CaseIterable {
    case portable
    case avx2
  }

  /// Weight of a layer that hides what is below.
  static let opaque: Int32 = 128

  package let instructionSet: InstructionSet
  @unsafe private let table: UnsafePointer<ck_kernels>

  /// `nil` when this processor, or this build, has no such instructions.
  package init?(_ instructionSet: InstructionSet) {
    let needed: UInt32
    switch instructionSet {
    case .portable: needed = 0
    case .avx2: needed = UInt32(CK_CPU_AVX2)
    }
    guard needed & ck_cpu_features() == needed else { return nil }
    self.instructionSet = instructionSet
    unsafe table = unsafe ck_kernels_for(needed)
  }

  private init() {
    let features = ck_cpu_features()
    instructionSet = features & UInt32(CK_CPU_AVX2) == 0 ? .portable : .avx2
    unsafe table = unsafe ck_kernels_for(features)
  }

  /// The fastest ones for this processor.
  package static let best = PixelKernels()
}

@unsafe package typealias Row = UnsafeMutablePointer<UInt8>
@unsafe package typealias SourceRow = UnsafePointer<UInt8>

extension PixelKernels {
  @unsafe package func blend(_ target: Row, _ source: SourceRow, weight: Int32, count: Int) {
    unsafe table.pointee.blend(target, source, weight, count)
  }

  @unsafe package func blend(_ target: Row, _ source: SourceRow, mask: SourceRow, count: Int) {
    unsafe table.pointee.blend_masked(target, source, mask, count)
  }

  @unsafe package func dim(_ row: Row, count: Int) { unsafe table.pointee.dim(row, count) }

  @unsafe package func combine(
    _ target: Row, _ source: SourceRow, stride: Int, weights: SourceRow, taps: Int, count: Int
  ) {
    unsafe table.pointee.combine(target, source, stride, weights, taps, count)
  }

  @unsafe package func half(_ target: Row, _ source: SourceRow, stride: Int, weight: Int32, count: Int) {
    unsafe table.pointee.half(target, source, stride, weight, count)
  }

  @unsafe package func quarter(_ target: Row, _ source: SourceRow, stride: Int, weight: Int32, count: Int) {
    unsafe table.pointee.quarter(target, source, stride, weight, count)
  }

  /// - Parameter columns: begins at a multiple of `AxisFilter.block`.
  @unsafe package func filter(
    _ target: Row, _ source: SourceRow, _ filter: AxisFilter, weight: Int32, columns: Range<Int>
  ) {
    unsafe withUnsafePointer(to: filter.kernel) { kernel in
      unsafe table.pointee.filter(target, source, kernel, weight, columns.lowerBound, columns.count)
    }
  }
}
