// SPDX-License-Identifier: GPL-3.0-or-later
// One image of a project, as a grid lists it: its number and what it is filtered and sorted by. Immutable. The pixels
// stay with the project (pct_project_dup_picture).
#pragma once
#include <glib-object.h>
#include "data/recording.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMAGE_ITEM (pct_image_item_get_type())
G_DECLARE_FINAL_TYPE(PctImageItem, pct_image_item, PCT, IMAGE_ITEM, GObject)

// tier: a PctTier; -1: no trial showed the image.
PctImageItem *pct_image_item_new(int image, int tier, int n_trials, double mean_response);
int pct_image_item_get_image(PctImageItem *self);
gboolean pct_image_item_has_tier(PctImageItem *self);
int pct_image_item_get_tier(PctImageItem *self);
int pct_image_item_get_n_trials(PctImageItem *self);
// Over its trials and all neurons, each neuron in units of its standard deviation. 0 without trials.
double pct_image_item_get_mean_response(PctImageItem *self);

G_END_DECLS
