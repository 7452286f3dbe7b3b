#pragma once
#include <stddef.h>
#include <stdint.h>

// Audio kernels. C because a debug build must keep up with real time too.

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

/// Taps of the interpolator, the number of its tabulated phases, and how many frames its centre is behind its first tap.
enum { CK_INTERPOLATOR_TAPS = 16, CK_INTERPOLATOR_PHASE_BITS = 6, CK_INTERPOLATOR_CENTRE = 7 };

/// Reads a stereo signal at evenly changing speed. Positions and steps are frames in Q32.
///
/// Output i lies at `position`, which then grows by `step`, which then grows by `step_change`. `input` is the frame at
/// position 0; frames from −CK_INTERPOLATOR_CENTRE to the last position + CK_INTERPOLATOR_TAPS are read. `table` holds
/// (2^PHASE_BITS + 1) rows of TAPS weights, each weight twice (left, right). Returns the position after the last output.
uint64_t ck_interpolate_stereo(float *output, const float *input, const float *table, ptrdiff_t frames,
                               uint64_t position, uint64_t step, int64_t step_change);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif
