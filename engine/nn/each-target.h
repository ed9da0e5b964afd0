// SPDX-License-Identifier: GPL-3.0-or-later
// Compiles one source of kernels for AVX-512, AVX2 and any x86-64: includes BODY three times, with TARGET (a function
// attribute), LANES (floats a vector), NAME(x) (x with the set's name) and STRING(NAME_OF) (that name). Which one runs,
// pct_kernels_get_first says. No include guard: that is the point.
#define STRING_(x) #x
#define STRING(x) STRING_(x)

#define TARGET __attribute__((target("avx512f,avx512vl,fma")))
#define LANES 16
#define NAME_OF avx512
#define NAME(x) x##_avx512
#include BODY
#undef TARGET
#undef LANES
#undef NAME_OF
#undef NAME

#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define NAME_OF avx2
#define NAME(x) x##_avx2
#include BODY
#undef TARGET
#undef LANES
#undef NAME_OF
#undef NAME

#define TARGET
#define LANES 4
#define NAME_OF plain
#define NAME(x) x##_plain
#include BODY
#undef TARGET
#undef LANES
#undef NAME_OF
#undef NAME
