#include "avx2.h"

#if CK_HAS_AVX2

CK_AVX2 static void blend(uint8_t *dst, const uint8_t *src, int32_t weight, ptrdiff_t count) {
  if (weight == CK_OPAQUE) { // 128 does not fit the signed weights
    memcpy(dst, src, (size_t)count);
    return;
  }
  const __m256i weights = ck_pair(weight, CK_OPAQUE - weight);
  ptrdiff_t x = 0;
  for (; x + 32 <= count; x += 32) ck_store(dst + x, ck_mix(ck_load(src + x), ck_load(dst + x), weights));
  if (x < count) {
    uint8_t rest[32] = {0};
    memcpy(rest, src + x, (size_t)(count - x));
    ck_put_some(dst + x, ck_load(rest), 0, count - x, weight, weights);
  }
}

/// A weight of 128 needs the unsigned operand, so the samples become the signed one.
CK_INLINE __m256i mix_masked(__m256i src, __m256i dst, __m256i mask) {
  const __m256i sign = _mm256_set1_epi8(-128);
  const __m256i rest = _mm256_sub_epi8(_mm256_set1_epi8(-CK_OPAQUE), mask); // 128 − mask, modulo 256
  src = _mm256_xor_si256(src, sign);
  dst = _mm256_xor_si256(dst, sign);
  const __m256i low = _mm256_maddubs_epi16(_mm256_unpacklo_epi8(mask, rest), _mm256_unpacklo_epi8(src, dst));
  const __m256i high = _mm256_maddubs_epi16(_mm256_unpackhi_epi8(mask, rest), _mm256_unpackhi_epi8(src, dst));
  return _mm256_xor_si256(_mm256_packs_epi16(ck_round7(low), ck_round7(high)), sign);
}

CK_AVX2 static void blend_masked(uint8_t *dst, const uint8_t *src, const uint8_t *mask, ptrdiff_t count) {
  ptrdiff_t x = 0;
  for (; x + 32 <= count; x += 32)
    ck_store(dst + x, mix_masked(ck_load(src + x), ck_load(dst + x), ck_load(mask + x)));
  if (x < count) {
    const size_t rest = (size_t)(count - x);
    uint8_t over[32] = {0}, under[32] = {0}, weights[32] = {0};
    memcpy(over, src + x, rest);
    memcpy(under, dst + x, rest);
    memcpy(weights, mask + x, rest);
    ck_store(under, mix_masked(ck_load(over), ck_load(under), ck_load(weights)));
    memcpy(dst + x, under, rest);
  }
}

CK_AVX2 static void dim(uint8_t *row, ptrdiff_t count) {
  const __m256i black = _mm256_set1_epi8(16);
  ptrdiff_t x = 0;
  for (; x + 32 <= count; x += 32) ck_store(row + x, _mm256_avg_epu8(ck_load(row + x), black));
  ck_portable.dim(row + x, count - x);
}

const ck_kernels ck_avx2 = {
  .blend = blend, .blend_masked = blend_masked, .dim = dim, .combine = ck_avx2_combine,
  .half = ck_avx2_half, .quarter = ck_avx2_quarter, .filter = ck_avx2_filter,
};

#endif
