// SPDX-License-Identifier: GPL-3.0-or-later
// Which neurons make what a slide shows (decode/influence.h): every neuron, ranked, for a region of the picture. It
// follows the slide: as soon as a hand rests, contributions and sensitivities are computed anew on the interactive
// lane, and given up as soon as the slide draws again. Silencing takes a picture a neuron, so it is a job that a person
// starts; its ranking stays, and is out of date when anything it was measured on has changed. Main thread only.
//
// Signal "changed": another ranking, or none, or it became out of date or current again.
#pragma once
#include "work/influence-file.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_INFLUENCE (pct_slide_influence_get_type())
G_DECLARE_FINAL_TYPE(PctSlideInfluence, pct_slide_influence, PCT, SLIDE_INFLUENCE, GObject)

PctSlideInfluence *pct_slide_influence_new(PctProject *project, PctSlide *slide);

// Computes nothing before it is active, e.g. when it is first visible.
void pct_slide_influence_set_active(PctSlideInfluence *self, gboolean active);
// NULL, or one that is not inside the picture: the whole picture. Property "region" notifies.
void pct_slide_influence_set_region(PctSlideInfluence *self, const PctRegion *region);
PctRegion pct_slide_influence_get_region(PctSlideInfluence *self);
// Property "measure" notifies. At first contribution.
void pct_slide_influence_set_measure(PctSlideInfluence *self, PctInfluenceMeasure measure);
PctInfluenceMeasure pct_slide_influence_get_measure(PctSlideInfluence *self);

// (M,) by absolute value, the largest first; NULL: none. Borrowed until the next "changed".
const PctNeuronInfluence *pct_slide_influence_get_ranking(PctSlideInfluence *self, int *n);
// Of a ranking by contribution, as in PctInfluence. FALSE: there is none.
gboolean pct_slide_influence_get_completeness(PctSlideInfluence *self, double *change, double *gap);
// What is ranked was measured on other responses, another image, model or z.
gboolean pct_slide_influence_is_out_of_date(PctSlideInfluence *self);
// Property "busy": a ranking is on its way.
gboolean pct_slide_influence_is_busy(PctSlideInfluence *self);
// A sentence: why there is no ranking, when the slide draws; NULL: no problem.
const char *pct_slide_influence_get_problem(PctSlideInfluence *self);

// Saves the ranking, of all neurons, as a .csv with what it is of beside it (work/influence-file.h). FALSE with the
// errors of pct_influence_file_save, or PCT_ERROR_UNSUPPORTED (there is none).
gboolean pct_slide_influence_save(PctSlideInfluence *self, const char *path, GError **error);

// Starts silencing every neuron in turn as things are now; whoever wants to watch takes the job. Nothing happens where
// nothing is drawn, or while it is under way.
void pct_slide_influence_silence(PctSlideInfluence *self);
// Property "job": under way; NULL: none. Cancel it to stop. Borrowed.
PctJob *pct_slide_influence_get_job(PctSlideInfluence *self);

G_END_DECLS
