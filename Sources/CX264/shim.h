#pragma once
#include <stdint.h>
#include <x264.h>

// `x264_encoder_open` is a macro that appends the build number, so that headers and library cannot differ unnoticed.
static inline x264_t *cx264_encoder_open(x264_param_t *parameters) {
  return x264_encoder_open(parameters);
}
