#pragma once
// libyuv's own headers need C++ where they are not told otherwise; these two are plain C.
#include <libyuv/planar_functions.h>
#include <libyuv/scale.h>
