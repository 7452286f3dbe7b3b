#include "avx2.h"

#if CK_HAS_AVX2

/// The tables of a filter from one pair of lanes on, by value: stores to samples could otherwise change the pointers.
typedef struct {
  const int32_t *starts;
  const uint8_t *shuffles;
  const uint8_t *weights;
} lane_tables;

/// The weighted pairs of the `pair`-th pair of lanes.
CK_INLINE __m256i lanes(const uint8_t *src, lane_tables tables, ptrdiff_t pair) {
  const __m128i low = _mm_loadu_si128((const __m128i *)(src + tables.starts[2 * pair]));
  const __m128i high = _mm_loadu_si128((const __m128i *)(src + tables.starts[2 * pair + 1]));
  const __m256i samples = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  const __m256i shuffled = _mm256_shuffle_epi8(samples, ck_load(tables.shuffles + 32 * pair));
  return _mm256_maddubs_epi16(shuffled, ck_load(tables.weights + 32 * pair));
}

/// Sums of 16 outputs, made from `taps / 2` pairs of lanes.
CK_INLINE __m256i sums(const uint8_t *src, lane_tables tables, ptrdiff_t taps, ptrdiff_t pair) {
  __m256i part[CK_MAX_TAPS / 2];
  for (ptrdiff_t k = 0; k < taps / 2; k++) part[k] = lanes(src, tables, pair + k);
  for (ptrdiff_t width = taps / 2; width > 1; width /= 2)
    for (ptrdiff_t k = 0; k < width / 2; k++) part[k] = _mm256_hadd_epi16(part[2 * k], part[2 * k + 1]);
  return part[0];
}

CK_INLINE void filter_taps(uint8_t *dst, const uint8_t *src, const ck_filter *filter, ptrdiff_t taps, int32_t weight,
                           ptrdiff_t first, ptrdiff_t count) {
  const __m256i weights = ck_pair(weight, CK_OPAQUE - weight);
  const ptrdiff_t pair = first / CK_FILTER_BLOCK * taps;
  lane_tables tables = {filter->lane_starts + 2 * pair, filter->lane_shuffles + 32 * pair,
                        (const uint8_t *)filter->lane_weights + 32 * pair};
  for (dst += first; count > 0; count -= CK_FILTER_BLOCK, dst += CK_FILTER_BLOCK) {
    const __m256i low = ck_round7(sums(src, tables, taps, 0));
    const __m256i high = ck_round7(sums(src, tables, taps, taps / 2));
    const __m256i samples = _mm256_packus_epi16(low, high);
    if (count >= CK_FILTER_BLOCK)
      ck_put(dst, samples, weight, weights);
    else
      ck_put_some(dst, samples, 0, count, weight, weights);
    tables.starts += 2 * taps;
    tables.shuffles += 32 * taps;
    tables.weights += 32 * taps;
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
