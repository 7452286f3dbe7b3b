#pragma once
#include <stddef.h>
#include <stdint.h>

// Row kernels over 8-bit samples. All weights are in units of 1/128; every result is rounded to the nearest, halves up.
// Rows may have any alignment and any count from 0 on. `dst` never overlaps a source. No kernel writes, or depends on,
// a sample outside the rows it was given; every implementation gives the same bits as the portable one.
// A `weight` of the source is 1 … 128; 128 replaces what was there.

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

enum { CK_OPAQUE = 128, CK_MAX_TAPS = 16, CK_FILTER_BLOCK = 32, CK_LANE = 16 };

/// How each sample of a row is made of up to `taps` neighbouring source samples.
///
/// The same numbers twice: per output for portable code, and as lanes for byte shuffles. One lane is 16 source samples,
/// shuffled, times 16 weights; it makes `16 / taps` outputs. Lane pairs are ordered so that horizontal adds and packs
/// leave 32 outputs in order: of pair p in a block, the low lane holds outputs p·16/taps …, the high lane those 16
/// further on.
typedef struct ck_filter {
  ptrdiff_t taps; // 2, 4, 8 or 16
  const int32_t *starts;
  const int32_t *counts;
  const uint8_t *weights; // `taps` per output
  const int32_t *lane_starts;
  const uint8_t *lane_shuffles;
  const int8_t *lane_weights;
} ck_filter;

typedef struct ck_kernels {
  /// dst = src·weight + dst·(1 − weight)
  void (*blend)(uint8_t *dst, const uint8_t *src, int32_t weight, ptrdiff_t count);
  /// The same with one weight, 0 … 128, per sample.
  void (*blend_masked)(uint8_t *dst, const uint8_t *src, const uint8_t *mask, ptrdiff_t count);
  /// Half way to limited-range black (16).
  void (*dim)(uint8_t *row, ptrdiff_t count);
  /// dst = Σ rows[k]·weights[k]; 2 … 16 rows, each weight < 128, their sum 128.
  void (*combine)(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, const uint8_t *weights, ptrdiff_t taps,
                  ptrdiff_t count);
  /// Means of 2×2 samples, blended into `dst` with `weight`.
  void (*half)(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count);
  /// Means of 4×4 samples, likewise.
  void (*quarter)(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count);
  /// Outputs `first` (a multiple of CK_FILTER_BLOCK) … `first + count − 1` of a filter, likewise; `dst` and `src` are
  /// the beginnings of the whole rows. At least 16 samples must be readable at `src`.
  void (*filter)(uint8_t *dst, const uint8_t *src, const ck_filter *filter, int32_t weight, ptrdiff_t first,
                 ptrdiff_t count);
} ck_kernels;

enum { CK_CPU_AVX2 = 1 };

/// The CK_CPU_… bits of what this processor can do and this build has code for.
uint32_t ck_cpu_features(void);

/// The fastest kernels that need no more than `allowed` of what the processor can do; 0 gives the portable ones.
const ck_kernels *ck_kernels_for(uint32_t allowed);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif
