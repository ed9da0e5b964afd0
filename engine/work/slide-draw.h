// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive thread's half of a slide: a live session that is told only what changed since the last picture.
#pragma once
#include "work/model-decoder.h"
#include "work/scores.h"
#include "work/slide.h"
#include "work/slide-tangent.h"
#include "work/slot.h"

// Everything that the pictures depend on, as it was when it was asked for; nothing in it changes afterwards.
typedef struct {
  PctModelDecoder *source;
  PctResponses *base;       // recorded
  float *responses;         // (M,) as set
  int n_averaged;           // trials that these are the mean of
  PctPicture *original;
  guint64 latent_seed;      // 0: z = 0
} PctSlideRequest;

typedef struct {
  PctPicture *reconstruction, *baseline;  // NULL: a problem
  PctPictureScore score, baseline_score;
  int n_latent;
  PctSlideTangent *tangent;  // of a picture that took long, where one neuron alone went on; NULL
  char *problem;
} PctSlideAnswer;

// What a slide would ask for now; NULL where it cannot draw. Main thread only.
PctSlideRequest *pct_slide_dup_request(PctSlide *slide);
// z (n,) of a seed; NULL for the zero z. Free with g_free.
float *pct_slide_latent_new(guint64 seed, int n);

void pct_slide_request_free(gpointer request);
void pct_slide_answer_free(gpointer answer);

typedef struct _PctSlideDrawing PctSlideDrawing;
PctSlideDrawing *pct_slide_drawing_new(void);
void pct_slide_drawing_free(gpointer drawing);
// PctSlotClass.work.
gpointer pct_slide_draw(gpointer drawing, gpointer request, const PctRun *run);
