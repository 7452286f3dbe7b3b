#pragma once
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/error.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// The error codes and the "no timestamp" mark are macros over casts and tags, which Swift does not import.
static inline int cavformat_error_again(void) { return AVERROR(EAGAIN); }
static inline int cavformat_error_eof(void) { return AVERROR_EOF; }
static inline int cavformat_error_exit(void) { return AVERROR_EXIT; }
static inline int cavformat_error_unknown(void) { return AVERROR_UNKNOWN; }
static inline int cavformat_error_from_errno(int code) { return AVERROR(code); }
static inline int64_t cavformat_no_time(void) { return AV_NOPTS_VALUE; }

// `sws_scale` takes arrays of four planes, which Swift has as tuples, on both sides.
static inline int cavformat_scale(struct SwsContext *scaler, const AVFrame *source, uint8_t *y, uint8_t *u, uint8_t *v,
                                  int lumaStride, int chromaStride) {
  uint8_t *const planes[4] = {y, u, v, NULL};
  const int strides[4] = {lumaStride, chromaStride, chromaStride, 0};
  return sws_scale(scaler, (const uint8_t *const *)source->data, source->linesize, 0, source->height, planes, strides);
}

// `swr_convert` takes an array of planes on both sides; without a source it gives what it still holds.
static inline int cavformat_resample(struct SwrContext *resampler, float *interleaved, int capacity,
                                     const AVFrame *source) {
  uint8_t *output = (uint8_t *)interleaved;
  return swr_convert(resampler, &output, capacity, source ? (const uint8_t **)source->extended_data : NULL,
                     source ? source->nb_samples : 0);
}
