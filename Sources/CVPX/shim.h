#pragma once
#include <vpx/vpx_decoder.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_encoder.h>
#include <vpx/vp8cx.h>

// The init functions are macros that pass the ABI version of the headers they were compiled with.
static inline vpx_codec_err_t cvpx_vp8_decoder_init(vpx_codec_ctx_t *context, const vpx_codec_dec_cfg_t *config) {
  return vpx_codec_dec_init(context, vpx_codec_vp8_dx(), config, 0);
}

static inline vpx_codec_err_t cvpx_vp8_encoder_init(vpx_codec_ctx_t *context, const vpx_codec_enc_cfg_t *config) {
  return vpx_codec_enc_init(context, vpx_codec_vp8_cx(), config, 0);
}

// `vpx_codec_control` is variadic and the control numbers are enum cases of two unrelated enums: one typed call each.
static inline vpx_codec_err_t cvpx_set_cpu_used(vpx_codec_ctx_t *context, int value) {
  return vpx_codec_control(context, VP8E_SET_CPUUSED, value);
}

static inline vpx_codec_err_t cvpx_set_static_threshold(vpx_codec_ctx_t *context, unsigned int value) {
  return vpx_codec_control(context, VP8E_SET_STATIC_THRESHOLD, value);
}

static inline vpx_codec_err_t cvpx_set_max_intra_percent(vpx_codec_ctx_t *context, unsigned int value) {
  return vpx_codec_control(context, VP8E_SET_MAX_INTRA_BITRATE_PCT, value);
}

static inline vpx_codec_err_t cvpx_get_frame_corrupted(vpx_codec_ctx_t *context, int *corrupted) {
  return vpx_codec_control(context, VP8D_GET_FRAME_CORRUPTED, corrupted);
}
