// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures made smaller (or larger) by averaging over areas: each new pixel is the mean of the part of the old picture
// that it covers, pixels at its edges counting in part. Grey levels of any range; nothing is clipped.
#pragma once

// out (frame_height, frame_width): the part of grey (height, width) at (x, y) of the given size, which lies within it.
void pct_area_resize(const float *grey, int height, int width, double x, double y, double crop_height,
                     double crop_width, int frame_height, int frame_width, float *out);
// The same of the largest part of the frame's shape in the picture's middle. The same size: a copy, bit by bit.
void pct_area_resize_middle(const float *grey, int height, int width, int frame_height, int frame_width, float *out);
