// SPDX-License-Identifier: GPL-3.0-or-later
// For a decoder whose pictures take longer than a frame: what is shown at once while the next one is drawn. Two pictures
// that differ by one neuron's response have a slope; while that neuron alone goes on, the picture is the last one and the
// slope times how far it went. It costs a multiplication a pixel, and is replaced by the picture itself.
#pragma once
#include "work/picture.h"

typedef struct {
  PctPicture *at;      // drawn of these:
  float *responses;    // (n,)
  gsize n;
  int neuron;
  float *slope;        // (H,W) grey levels a unit of its response
} PctSlideTangent;

// Of two pictures whose responses (n,) differ in one neuron alone; NULL where they differ otherwise, or not.
PctSlideTangent *pct_slide_tangent_new(PctPicture *from, const float *from_responses, PctPicture *to,
                                       const float *to_responses, gsize n);
void pct_slide_tangent_free(PctSlideTangent *tangent);
// The picture expected of responses (n,); NULL where another neuron differs.
PctPicture *pct_slide_tangent_extend(const PctSlideTangent *tangent, const float *responses);
