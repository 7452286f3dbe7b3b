#pragma once
#include "ckernels.h"

#if defined(__x86_64__) || defined(__i386__)
#define CK_HAS_AVX2 1
extern const ck_kernels ck_avx2;
#else
#define CK_HAS_AVX2 0
#endif

extern const ck_kernels ck_portable;
