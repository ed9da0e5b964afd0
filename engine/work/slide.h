// SPDX-License-Identifier: GPL-3.0-or-later
// Taking hold of neurons: the recorded responses to one image, changed at will, and the picture that a model draws of
// them. Every change is answered from the interactive lane; the newest wins, late answers are dropped. What is set can
// be read back at once, what is drawn follows: "reconstruction" and all else below is notified on the main thread,
// ahead of the next frame. The model is loaded off the main thread at first use.
#pragma once
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE (pct_slide_get_type())
G_DECLARE_FINAL_TYPE(PctSlide, pct_slide, PCT, SLIDE, GObject)

PctSlide *pct_slide_new(PctProject *project);
PctProject *pct_slide_get_project(PctSlide *self);  // borrowed

// NULL: none. Only a finished model draws; another has a problem.
void pct_slide_set_model(PctSlide *self, PctModel *model);
PctModel *pct_slide_get_model(PctSlide *self);
// Whose recorded responses to start from; forgets all changes. repeat as in pct_project_dup_responses. image -1: none.
void pct_slide_set_base(PctSlide *self, int image, int repeat);
// Instead of an image of the recording: any picture, with the responses to start from, e.g. what an encoder predicts for a
// photograph. The image is then -1.
void pct_slide_set_shown(PctSlide *self, PctPicture *original, PctResponses *responses);
int pct_slide_get_image(PctSlide *self);
int pct_slide_get_repeat(PctSlide *self);
int pct_slide_get_n_recorded(PctSlide *self);             // trials the recorded responses are the mean of; 0: no base

// Responses, in the recording's units. Signal "responses-changed" after any change of them.
float pct_slide_get_response(PctSlide *self, int neuron);  // as set now
float pct_slide_get_recorded(PctSlide *self, int neuron);
// (M,), borrowed until the next change. NULL without a base.
const float *pct_slide_get_responses(PctSlide *self);
const float *pct_slide_get_recorded_responses(PctSlide *self);
void pct_slide_set_response(PctSlide *self, int neuron, float value);
// Several at once, one redraw: neurons (n,), values (n,).
void pct_slide_set_responses(PctSlide *self, const int *neurons, const float *values, guint n);
// All of them: values (M,), each the mean of n_averaged trials; 0: of as many as the recorded ones.
void pct_slide_set_all(PctSlide *self, const float *values, int n_averaged);
// Trials that the responses as set are the mean of. Changing some of them does not change it.
int pct_slide_get_n_averaged(PctSlide *self);
void pct_slide_silence(PctSlide *self, const int *neurons, guint n);  // to each neuron's mean response
void pct_slide_reset(PctSlide *self, const int *neurons, guint n);    // to the recorded responses; neurons NULL: all
// Each at its mean response plus factor times what it answered beyond that: 0 silences, 1 is as recorded.
void pct_slide_scale(PctSlide *self, const int *neurons, guint n, double factor);
// The factor that all of them are at; NAN: there is none.
double pct_slide_get_scale(PctSlide *self, const int *neurons, guint n);
gboolean pct_slide_is_changed(PctSlide *self);

// The latent z: property "n-latent", 0 for a model without one (and while none is loaded). Both pictures are drawn with
// the same z, so that their difference is the neurons' doing. Property "latent": the seed it is drawn from.
int pct_slide_get_n_latent(PctSlide *self);
guint64 pct_slide_get_latent_seed(PctSlide *self);         // 0: z = 0
void pct_slide_draw_latent(PctSlide *self, guint64 seed);  // N(0,1) from this seed
void pct_slide_zero_latent(PctSlide *self);                // the default
gboolean pct_slide_is_latent_zero(PctSlide *self);

// What was drawn; properties of the same names, NULL (or NAN) before. Borrowed until the next notify.
PctPicture *pct_slide_get_original(PctSlide *self);
PctPicture *pct_slide_get_reconstruction(PctSlide *self);  // of the responses as set
PctPicture *pct_slide_get_baseline(PctSlide *self);        // of the recorded responses
// Against the original; told by the notify of "reconstruction" and "baseline".
PctPictureScore pct_slide_get_score(PctSlide *self);
PctPictureScore pct_slide_get_baseline_score(PctSlide *self);
// Property "busy": an answer is on its way. Property "problem": why nothing is drawn, a sentence; NULL: no problem.
gboolean pct_slide_is_busy(PctSlide *self);
const char *pct_slide_get_problem(PctSlide *self);

G_END_DECLS
