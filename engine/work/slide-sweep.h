// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep from the responses that a slide has in hand (decode/sweep.h), and its pictures by the slide's model. It
// follows the slide: what changes the pictures (responses, image, model, z) has them drawn anew, once the hand rests
// for a moment; what does not, as the response of the very neuron that is swept, costs nothing. Pictures come one by
// one, in slices between which the slider has its turn, and those of before stand until theirs come. Main thread only.
//
// Signal "changed" (no arguments): other pictures, or another sweep. Property "nearest" notifies.
#pragma once
#include "data/animation-file.h"
#include "decode/sweep-pictures.h"
#include "work/slide.h"

G_BEGIN_DECLS

typedef struct {
  // from, to NAN: the least and greatest response observed, over single trials or over means as the responses in hand
  // are. repeat is filled in: WALK ends at a single trial if it starts from one.
  PctSweepRecipe recipe;
  PctSweepLatent latent;  // of a model without z: as if it were fixed
  int n_draws;
  guint64 seed;
} PctSlideSweepRequest;
#define PCT_SLIDE_SWEEP_REQUEST_DEFAULT                                                                        \
  ((PctSlideSweepRequest){ .recipe = { .from = { NAN, NAN }, .to = { NAN, NAN }, .n_steps = { 7, 5 },          \
                                       .image = -1, .repeat = -1 },                                            \
                           .n_draws = PCT_SWEEP_DRAWS, .seed = 1 })

#define PCT_TYPE_SLIDE_SWEEP (pct_slide_sweep_get_type())
G_DECLARE_FINAL_TYPE(PctSlideSweep, pct_slide_sweep, PCT, SLIDE_SWEEP, GObject)

PctSlideSweep *pct_slide_sweep_new(PctProject *project, PctSlide *slide);

// What is asked for; copied. NULL: nothing. Numbers of neurons and images must exist.
void pct_slide_sweep_set_request(PctSlideSweep *self, const PctSlideSweepRequest *request);
// NULL: nothing is asked for. Borrowed until the next set.
const PctSlideSweepRequest *pct_slide_sweep_get_request(PctSlideSweep *self);
// What is not looked at is not drawn; FALSE at first.
void pct_slide_sweep_set_active(PctSlideSweep *self, gboolean active);

// The sweep whose pictures there are; NULL before the first. Borrowed until "changed".
const PctSweep *pct_slide_sweep_get_sweep(PctSlideSweep *self);
// As asked for, with every from and to that was NAN; NULL without a sweep.
const PctSweepRecipe *pct_slide_sweep_get_recipe(PctSlideSweep *self);
// NULL: not there yet. Borrowed until "changed".
PctPicture *pct_slide_sweep_get_picture(PctSlideSweep *self, guint i);
// All pictures are those of what is asked for, as of when the hand last rested.
gboolean pct_slide_sweep_is_done(PctSlideSweep *self);
// How many of them there are.
guint pct_slide_sweep_get_n_ready(PctSlideSweep *self);
// What z does and what the sweep does, grey levels (decode/sweep-pictures.h); NAN: unknown.
double pct_slide_sweep_get_spread(PctSlideSweep *self);
double pct_slide_sweep_get_change(PctSlideSweep *self);
// Why there are no pictures, a sentence; NULL: no problem.
const char *pct_slide_sweep_get_problem(PctSlideSweep *self);

// Property "nearest": the picture whose responses are nearest to those in hand; -1 without a sweep, or
// outside it.
int pct_slide_sweep_get_nearest(PctSlideSweep *self);
// Sets the slide's responses to those of picture i, with the number of trials they are the mean of.
void pct_slide_sweep_take(PctSlideSweep *self, guint i);

// Starts saving (work/sweep-file.h) by a job of the background lane. Already submitted; give back with g_object_unref.
// NULL with PCT_ERROR_UNSUPPORTED (not done yet, or another ending than .webp, .png, .npy).
PctJob *pct_slide_sweep_save(PctSlideSweep *self, const char *path, const PctAnimationOptions *animation,
                             GError **error);

G_END_DECLS
