#include "kernels.h"

// What every processor can run. The compiler makes of it what its baseline allows (SSE2 on x86-64).

static inline uint8_t mixed(uint8_t over, uint8_t under, int32_t weight) {
  return (uint8_t)((over * weight + under * (CK_OPAQUE - weight) + 64) >> 7);
}

static inline void put(uint8_t *dst, uint8_t value, int32_t weight) {
  *dst = weight == CK_OPAQUE ? value : mixed(value, *dst, weight);
}

static void blend(uint8_t *dst, const uint8_t *src, int32_t weight, ptrdiff_t count) {
  for (ptrdiff_t x = 0; x < count; x++) dst[x] = mixed(src[x], dst[x], weight);
}

static void blend_masked(uint8_t *dst, const uint8_t *src, const uint8_t *mask, ptrdiff_t count) {
  for (ptrdiff_t x = 0; x < count; x++) dst[x] = mixed(src[x], dst[x], mask[x]);
}

static void dim(uint8_t *row, ptrdiff_t count) {
  for (ptrdiff_t x = 0; x < count; x++) row[x] = (uint8_t)((row[x] + 17) >> 1);
}

static void combine(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, const uint8_t *weights, ptrdiff_t taps,
                    ptrdiff_t count) {
  for (ptrdiff_t x = 0; x < count; x++) {
    uint32_t sum = 64;
    for (ptrdiff_t k = 0; k < taps; k++) sum += (uint32_t)src[k * stride + x] * weights[k];
    dst[x] = (uint8_t)(sum >> 7);
  }
}

static void half(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count) {
  for (ptrdiff_t x = 0; x < count; x++) {
    const uint8_t *upper = src + 2 * x, *lower = upper + stride;
    put(dst + x, (uint8_t)((upper[0] + upper[1] + lower[0] + lower[1] + 2) >> 2), weight);
  }
}

static void quarter(uint8_t *dst, const uint8_t *src, ptrdiff_t stride, int32_t weight, ptrdiff_t count) {
  for (ptrdiff_t x = 0; x < count; x++) {
    const uint8_t *box = src + 4 * x;
    uint32_t sum = 8;
    for (ptrdiff_t y = 0; y < 4; y++, box += stride) sum += (uint32_t)box[0] + box[1] + box[2] + box[3];
    put(dst + x, (uint8_t)(sum >> 4), weight);
  }
}

static void filter(uint8_t *dst, const uint8_t *src, const ck_filter *filter, int32_t weight, ptrdiff_t first,
                   ptrdiff_t count) {
  for (ptrdiff_t x = first; x < first + count; x++) {
    const uint8_t *window = src + filter->starts[x], *weights = filter->weights + x * filter->taps;
    uint32_t sum = 64;
    for (ptrdiff_t k = 0; k < filter->counts[x]; k++) sum += (uint32_t)window[k] * weights[k];
    put(dst + x, (uint8_t)(sum >> 7), weight);
  }
}

const ck_kernels ck_portable = {
  .blend = blend, .blend_masked = blend_masked, .dim = dim, .combine = combine,
  .half = half, .quarter = quarter, .filter = filter,
};
