#include "avx2.h"

#if CK_HAS_AVX2

/// The weighted pairs of one pair of lanes.
CK_INLINE __m256i lanes(const uint8_t *src, const ck_filter *filter, ptrdiff_t pair) {
  const int32_t *start = filter->lane_starts + 2 * pair;
  const __m128i low = _mm_loadu_si128((const __m128i *)(src + start[0]));
  const __m128i high = _mm_loadu_si128((const __m128i *)(src + start[1]));
  const __m256i samples = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  const __m256i shuffled = _mm256_shuffle_epi8(samples, ck_load(filter->lane_shuffles + 32 * pair));
  return _mm256_maddubs_epi16(shuffled, ck_load((const uint8_t *)filter->lane_weights + 32 * pair));
}

/// Sums of 16 outputs, made from `taps / 2` pairs of lanes.
CK_INLINE __m256i sums(const uint8_t *src, const ck_filter *filter, ptrdiff_t taps, ptrdiff_t pair) {
  __m256i part[CK_MAX_TAPS / 2];
  for (ptrdiff_t k = 0; k < taps / 2; k++) part[k] = lanes(src, filter, pair + k);
  for (ptrdiff_t width = taps / 2; width > 1; width /= 2)
    for (ptrdiff_t k = 0; k < width / 2; k++) part[k] = _mm256_hadd_epi16(part[2 * k], part[2 * k + 1]);
  return part[0];
}

CK_INLINE void filter_taps(uint8_t *dst, const uint8_t *src, const ck_filter *filter, ptrdiff_t taps, int32_t weight,
                           ptrdiff_t first, ptrdiff_t count) {
  const __m256i weights = ck_pair(weight, CK_OPAQUE - weight);
  const ptrdiff_t end = first + count;
  for (ptrdiff_t x = first; x < end; x += CK_FILTER_BLOCK) {
    const ptrdiff_t pair = x / CK_FILTER_BLOCK * taps;
    const __m256i low = ck_round7(sums(src, filter, taps, pair));
    const __m256i high = ck_round7(sums(src, filter, taps, pair + taps / 2));
    const __m256i samples = _mm256_packus_epi16(low, high);
    if (x + CK_FILTER_BLOCK <= end)
      ck_put(dst + x, samples, weight, weights);
    else
      ck_put_some(dst + x, samples, 0, end - x, weight, weights);
  }
}

CK_AVX2 void ck_avx2_filter(uint8_t *dst, const uint8_t *src, const ck_filter *filter, int32_t weight, ptrdiff_t first,
                            ptrdiff_t count) {
  switch (filter->taps) {
  case 2: filter_taps(dst, src, filter, 2, weight, first, count); break;
  case 4: filter_taps(dst, src, filter, 4, weight, first, count); break;
  case 8: filter_taps(dst, src, filter, 8, weight, first, count); break;
  default: filter_taps(dst, src, filter, 16, weight, first, count); break;
  }
}

#endif
