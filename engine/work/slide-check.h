// SPDX-License-Identifier: GPL-3.0-or-later
// Two reasons to doubt a picture drawn of responses that nobody recorded.
// Re-encoding: would the neuron in hand, looking at the changed picture, answer as it was told to? An encoder says what it
// predicts for the picture before and after. The response "follows" if its prediction changes in the same direction, by at
// least PCT_SLIDE_FOLLOWS of the change made. A decoder that was informed by that same encoder agrees with it by
// construction: then the check is circular, and says so; another encoder is preferred where there is one, of another
// kind before one of the same.
// Distance: how far all responses together are from anything recorded (measure/response-space.h). Main thread only.
//
// Signal "changed" after anything below changed.
#pragma once
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_SLIDE_FOLLOWS 0.2

#define PCT_TYPE_SLIDE_CHECK (pct_slide_check_get_type())
G_DECLARE_FINAL_TYPE(PctSlideCheck, pct_slide_check, PCT, SLIDE_CHECK, GObject)

PctSlideCheck *pct_slide_check_new(PctProject *project, PctSlide *slide);
// -1: none, the start.
void pct_slide_check_set_neuron(PctSlideCheck *self, int neuron);
// While it is active it computes; it starts inactive.
void pct_slide_check_set_active(PctSlideCheck *self, gboolean active);

typedef struct {
  PctModel *encoder;      // NULL: there is none, and nothing below is known
  gboolean circular;      // the decoder was informed by it
  gboolean known;         // the predictions are there
  double before, after;   // predicted response of the neuron in hand, in the recording's units
  double change;          // made to its response
  gboolean follows;       // where change is not 0
} PctReencoding;
PctReencoding pct_slide_check_get_reencoding(PctSlideCheck *self);

typedef struct {
  double distance;  // in units of the median of the train trials'; NAN: not known yet
  double far;       // what one in a hundred of them exceeds, in the same units
} PctResponseDistance;
PctResponseDistance pct_slide_check_get_distance(PctSlideCheck *self);

G_END_DECLS
