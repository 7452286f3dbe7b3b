#include "include/ckernels_audio.h"

#include <string.h>

enum { LANES = 4, ROW = 2 * CK_INTERPOLATOR_TAPS };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

static inline lanes load(const float *from) {
  lanes value;
  memcpy(&value, from, sizeof value);
  return value;
}

uint64_t ck_interpolate_stereo(float *output, const float *input, const float *table, ptrdiff_t frames,
                               uint64_t position, uint64_t step, int64_t step_change) {
  const int rest_bits = 32 - CK_INTERPOLATOR_PHASE_BITS;
  for (ptrdiff_t frame = 0; frame < frames; frame++) {
    const uint32_t fraction = (uint32_t)position;
    const float *row = table + (size_t)(fraction >> rest_bits) * ROW;
    const float between = (float)(fraction & ((1u << rest_bits) - 1)) / (float)(1u << rest_bits);
    const float *first = input + 2 * ((ptrdiff_t)(position >> 32) - CK_INTERPOLATOR_CENTRE);
    lanes sums[2] = {{0}, {0}};
    for (int index = 0; index < ROW; index += LANES) {
      const lanes weight = load(row + index), next = load(row + ROW + index);
      sums[index / LANES % 2] += load(first + index) * (weight + (next - weight) * between);
    }
    const lanes sum = sums[0] + sums[1];
    output[2 * frame] = sum[0] + sum[2];
    output[2 * frame + 1] = sum[1] + sum[3];
    position += step;
    step += (uint64_t)step_change;
  }
  return position;
}
