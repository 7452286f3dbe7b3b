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
static inline int cavformat_error_from_errno(int code) { return AVERROR(code); }
static inline int64_t cavformat_no_time(void) { return AV_NOPTS_VALUE; }
