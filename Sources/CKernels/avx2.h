#pragma once
#include "kernels.h"

#if CK_HAS_AVX2
#include <immintrin.h>
#include <string.h>

// The functions say themselves what they need, so no compiler flag lets AVX2 leak into code that runs everywhere.
#define CK_AVX2 __attribute__((target("avx2")))
#define CK_INLINE static inline __attribute__((always_inline, target("avx2")))

CK_INLINE __m256i ck_load(const uint8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
CK_INLINE void ck_store(uint8_t *p, __m256i v) { _mm256_storeu_si256((__m256i *)p, v); }

/// (x + 64) >> 7 of sums of weighted samples: one rounding multiplication.
CK_INLINE __m256i ck_round7(__m256i sums) { return _mm256_mulhrs_epi16(sums, _mm256_set1_epi16(1 << 8)); }

/// Two weights for the sample pairs of `_mm256_maddubs_epi16`; both below 128.
CK_INLINE __m256i ck_pair(int32_t first, int32_t second) {
  return _mm256_set1_epi16((int16_t)(first | second << 8));
}

/// Samples of two rows, weighted and rounded.
CK_INLINE __m256i ck_mix(__m256i a, __m256i b, __m256i weights) {
  const __m256i low = _mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, b), weights);
  const __m256i high = _mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, b), weights);
  return _mm256_packus_epi16(ck_round7(low), ck_round7(high));
}

/// Stores 32 samples, or blends them into what is there.
CK_INLINE void ck_put(uint8_t *dst, __m256i samples, int32_t weight, __m256i weights) {
  ck_store(dst, weight == CK_OPAQUE ? samples : ck_mix(samples, ck_load(dst), weights));
}

/// The same for `count` ≤ 32 samples, those from the `skip`-th on.
CK_INLINE void ck_put_some(uint8_t *dst, __m256i samples, ptrdiff_t skip, ptrdiff_t count, int32_t weight,
                           __m256i weights) {
  uint8_t fresh[64], old[32] = {0};
  ck_store(fresh, samples);
  if (weight != CK_OPAQUE) {
    memcpy(old, dst, (size_t)count);
    ck_store(fresh + skip, ck_mix(ck_load(fresh + skip), ck_load(old), weights));
  }
  memcpy(dst, fresh + skip, (size_t)count);
}

void ck_avx2_half(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count);
void ck_avx2_quarter(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count);
void ck_avx2_combine(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, const uint8_t *weights, ptrdiff_t taps,
                     ptrdiff_t count);
void ck_avx2_filter(uint8_t *dst, const uint8_t *src, const ck_filter *filter, int32_t weight, ptrdiff_t first,
                    ptrdiff_t count);
#endif
