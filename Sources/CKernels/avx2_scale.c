#include "avx2.h"

#if CK_HAS_AVX2

// Where a row is not a multiple of 32 samples, its last 32 are computed once more in full and only the missing ones
// put.

/// Asks for the rows that the next output row will read. Boxes cost less than fetching their rows, and the processor's
/// own prefetching loses its way at the end of every row. Never faults, whatever the address.
CK_INLINE void fetch_below(const uint8_t *src, ptrdiff_t stride, int rows, int bytes) {
  for (int y = rows; y < 2 * rows; y++)
    for (int x = 0; x < bytes; x += 64) _mm_prefetch((const char *)src + y * stride + x, _MM_HINT_T0);
}

/// Sums of neighbouring pairs in two rows.
CK_INLINE __m256i pairs2(const uint8_t *src, ptrdiff_t stride) {
  const __m256i ones = _mm256_set1_epi8(1);
  return _mm256_add_epi16(_mm256_maddubs_epi16(ck_load(src), ones), _mm256_maddubs_epi16(ck_load(src + stride), ones));
}

CK_INLINE __m256i half32(const uint8_t *src, ptrdiff_t stride) {
  fetch_below(src, stride, 2, 64);
  const __m256i quarter = _mm256_set1_epi16(1 << 13); // rounds as (x + 2) >> 2
  const __m256i left = _mm256_mulhrs_epi16(pairs2(src, stride), quarter);
  const __m256i right = _mm256_mulhrs_epi16(pairs2(src + 32, stride), quarter);
  return _mm256_permute4x64_epi64(_mm256_packus_epi16(left, right), 0xD8);
}

CK_AVX2 void ck_avx2_half(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count) {
  if (count < 32) {
    ck_portable.half(dst, src, stride, weight, count);
    return;
  }
  const __m256i weights = ck_pair(weight, CK_OPAQUE - weight);
  const ptrdiff_t whole = count & ~(ptrdiff_t)31, last = count - 32;
  for (ptrdiff_t x = 0; x < whole; x += 32) ck_put(dst + x, half32(src + 2 * x, stride), weight, weights);
  if (whole < count)
    ck_put_some(dst + whole, half32(src + 2 * last, stride), whole - last, count - whole, weight, weights);
}

/// Sums of neighbouring pairs in four rows.
CK_INLINE __m256i pairs4(const uint8_t *src, ptrdiff_t stride) {
  return _mm256_add_epi16(pairs2(src, stride), pairs2(src + 2 * stride, stride));
}

CK_INLINE __m256i quarter32(const uint8_t *src, ptrdiff_t stride) {
  fetch_below(src, stride, 4, 128);
  const __m256i sixteenth = _mm256_set1_epi16(1 << 11); // rounds as (x + 8) >> 4
  const __m256i left = _mm256_hadd_epi16(pairs4(src, stride), pairs4(src + 32, stride));
  const __m256i right = _mm256_hadd_epi16(pairs4(src + 64, stride), pairs4(src + 96, stride));
  const __m256i packed =
      _mm256_packus_epi16(_mm256_mulhrs_epi16(left, sixteenth), _mm256_mulhrs_epi16(right, sixteenth));
  return _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

CK_AVX2 void ck_avx2_quarter(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count) {
  if (count < 32) {
    ck_portable.quarter(dst, src, stride, weight, count);
    return;
  }
  const __m256i weights = ck_pair(weight, CK_OPAQUE - weight);
  const ptrdiff_t whole = count & ~(ptrdiff_t)31, last = count - 32;
  for (ptrdiff_t x = 0; x < whole; x += 32) ck_put(dst + x, quarter32(src + 4 * x, stride), weight, weights);
  if (whole < count)
    ck_put_some(dst + whole, quarter32(src + 4 * last, stride), whole - last, count - whole, weight, weights);
}

/// 32 samples of `pairs` pairs of rows; `second` leads from the first to the second row of the last pair.
CK_INLINE __m256i combine32(const uint8_t *src, ptrdiff_t stride, const __m256i *weights, ptrdiff_t pairs,
                            ptrdiff_t second) {
  __m256i low = _mm256_setzero_si256(), high = low;
  for (ptrdiff_t k = 0; k < pairs; k++, src += 2 * stride) {
    const __m256i a = ck_load(src), b = ck_load(src + (k == pairs - 1 ? second : stride));
    low = _mm256_add_epi16(low, _mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, b), weights[k]));
    high = _mm256_add_epi16(high, _mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, b), weights[k]));
  }
  return _mm256_packus_epi16(ck_round7(low), ck_round7(high));
}

CK_INLINE void combine(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, const __m256i *weights, ptrdiff_t pairs,
                       ptrdiff_t second, ptrdiff_t count) {
  ptrdiff_t x = 0;
  for (; x + 32 <= count; x += 32) ck_store(dst + x, combine32(src + x, stride, weights, pairs, second));
  if (x < count) ck_store(dst + count - 32, combine32(src + count - 32, stride, weights, pairs, second));
}

CK_AVX2 void ck_avx2_combine(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, const uint8_t *weights, ptrdiff_t taps,
                             ptrdiff_t count) {
  if (count < 32) {
    ck_portable.combine(dst, src, stride, weights, taps, count);
    return;
  }
  // An odd number of rows ends with a pair of the same row, once without weight.
  const ptrdiff_t pairs = (taps + 1) / 2, second = taps & 1 ? 0 : stride;
  __m256i pair_weights[CK_MAX_TAPS / 2];
  for (ptrdiff_t k = 0; k < pairs; k++)
    pair_weights[k] = ck_pair(weights[2 * k], 2 * k + 1 < taps ? weights[2 * k + 1] : 0);
  switch (pairs) {
  case 1: combine(dst, src, stride, pair_weights, 1, second, count); break;
  case 2: combine(dst, src, stride, pair_weights, 2, second, count); break;
  default: combine(dst, src, stride, pair_weights, pairs, second, count); break;
  }
}

#endif
