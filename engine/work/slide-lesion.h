// SPDX-License-Identifier: GPL-3.0-or-later
// What the pictures owe to neurons that a person names (decode/lesion.h): of the slide's own picture as soon as the hand
// rests, and of a whole tier by a job of the background lane. Silenced are the pinned neurons in the order in which they
// were pinned, those that see an area, the first of a ranking of all neurons, or all others than these. Invariant: the points are of what is in
// hand now, or there are none. Main thread only. Signal "changed": the points, or what they are of, are other.
#pragma once
#include "decode/lesion.h"
#include "work/slide.h"

G_BEGIN_DECLS

// Random choices of as many neurons, and their seed.
#define PCT_LESION_RANDOM_OF_IMAGE 4
#define PCT_LESION_RANDOM_OF_TIER 5
#define PCT_LESION_SEED 1

typedef enum {
  PCT_LESION_PINNED,
  PCT_LESION_AREA,   // those that see an area, as somebody found them
  PCT_LESION_FIRST,  // of the ranking; without one, of those that answered the image most against their usual answer
} PctLesionOf;

#define PCT_TYPE_SLIDE_LESION (pct_slide_lesion_get_type())
G_DECLARE_FINAL_TYPE(PctSlideLesion, pct_slide_lesion, PCT, SLIDE_LESION, GObject)

// Not active, of the pinned neurons.
PctSlideLesion *pct_slide_lesion_new(PctProject *project, PctSlide *slide);
// Nothing is computed while it is not, e.g. while nobody sees it.
void pct_slide_lesion_set_active(PctSlideLesion *self, gboolean active);
// The pinned neurons (n,), copied.
void pct_slide_lesion_set_pinned(PctSlideLesion *self, const int *neurons, guint n);
// Those that see the area (work/neuron-area.h), (n,), copied.
void pct_slide_lesion_set_area(PctSlideLesion *self, const int *neurons, guint n);
// All neurons, or the best of them, in an order that somebody else found, e.g. by influence; copied. NULL: by response.
void pct_slide_lesion_set_ranking(PctSlideLesion *self, const int *neurons, guint n);
gboolean pct_slide_lesion_has_ranking(PctSlideLesion *self);
// How many of the ranking, 1 or more (100 at first); the pinned neurons, and those of an area, are all taken.
void pct_slide_lesion_set_most(PctSlideLesion *self, int most);
int pct_slide_lesion_get_most(PctSlideLesion *self);
// others: all but those are silenced.
void pct_slide_lesion_set_of(PctSlideLesion *self, PctLesionOf of, gboolean others);
PctLesionOf pct_slide_lesion_get_of(PctSlideLesion *self);
gboolean pct_slide_lesion_get_others(PctSlideLesion *self);
// The order that points are of, (n,), borrowed until "changed"; empty: there is nothing to silence.
const int *pct_slide_lesion_get_order(PctSlideLesion *self, guint *n);

// Of the slide's picture: fewest first, of as many as pct_lesion_counts_new gives. NULL: none yet. Borrowed until
// "changed". First without the random choices, then with them.
const PctLesionPoint *pct_slide_lesion_get_points(PctSlideLesion *self, guint *n);
gboolean pct_slide_lesion_is_busy(PctSlideLesion *self);

// A curve and what it is of, as it was asked for: for a sentence, and for a file.
typedef struct {
  GArray *points;      // of PctLesionPoint, fewest first
  int *order;
  int n_order, n_random, n_images;
  guint64 seed;
  gboolean others, tier_wide, averaged;
  PctTier tier;        // tier_wide
  int image, repeat;   // not tier_wide
  char *model, *model_hash, *recording, *fingerprint;  // hash NULL: not known
  char *trials;  // the condition that chose them; NULL: all
} PctLesionCurve;

void pct_lesion_curve_free(PctLesionCurve *curve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctLesionCurve, pct_lesion_curve_free)
// The slide's own; NULL: no points yet.
PctLesionCurve *pct_slide_lesion_dup_curve(PctSlideLesion *self);
// The same lesions of every picture of the tier, z = 0. Returns the job, already submitted; give back with g_object_unref.
// Its curves are the points as they come: x is the number of neurons, series "pixcorr_full", "random_pixcorr_full" ... NULL
// with PCT_ERROR_UNSUPPORTED: there is no model, nothing to silence, or the tier is empty.
PctJob *pct_slide_lesion_measure_tier(PctSlideLesion *self, PctTier tier, gboolean averaged, GError **error);
// NULL before the job is done. Borrowed.
const PctLesionCurve *pct_lesion_job_get_curve(PctJob *job);

// What the last point says: "Without these 40 neurons PixCorr falls from 0.414 to 0.392 over 100 test images; ..". measure:
// PixCorr, MSE or SSIM. Free with g_free.
char *pct_lesion_curve_dup_sentence(const PctLesionCurve *curve, PctFrame frame, PctMeasure measure);
// path, a CSV: a row a point, count, silenced, then measures, and those of the random choices (their mean, the least and the
// greatest); empty where there is none. Beside it NAME.json says what of. FALSE with PCT_ERROR_IO.
gboolean pct_lesion_curve_save(const PctLesionCurve *curve, const char *path, GError **error);

G_END_DECLS
