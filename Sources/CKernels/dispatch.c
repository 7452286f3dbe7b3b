#include "kernels.h"

uint32_t ck_cpu_features(void) {
#if CK_HAS_AVX2
  if (__builtin_cpu_supports("avx2")) return CK_CPU_AVX2;
#endif
  return 0;
}

const ck_kernels *ck_kernels_for(uint32_t allowed) {
#if CK_HAS_AVX2
  if (allowed & ck_cpu_features() & CK_CPU_AVX2) return &ck_avx2;
#endif
  (void)allowed;
  return &ck_portable;
}
