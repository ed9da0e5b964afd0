// SPDX-License-Identifier: GPL-3.0-or-later
// A slider for one neuron's response: a GtkScale (so that keys and screen readers know it) that also shows where the
// recorded value is and which part of its range was never observed. It reaches a little beyond the observed range,
// because what happens there is a fair question, but says so.
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PCT_TYPE_RESPONSE_SCALE (pct_response_scale_get_type())
G_DECLARE_FINAL_TYPE(PctResponseScale, pct_response_scale, PCT, RESPONSE_SCALE, GtkScale)

GtkWidget *pct_response_scale_new(void);

// All in one unit. observed_minimum <= observed_maximum over all trials that this range is about; recorded may lie
// outside. The scale's value is left as it was where it still fits.
void pct_response_scale_set_range(PctResponseScale *self, double observed_minimum, double observed_maximum,
                                  double recorded);
double pct_response_scale_get_recorded(PctResponseScale *self);
// Is the value in hand beyond what was observed?
gboolean pct_response_scale_is_beyond(PctResponseScale *self);

G_END_DECLS
