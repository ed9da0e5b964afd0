// SPDX-License-Identifier: GPL-3.0-or-later
// The image in hand: large, with its tier, how often it was shown, the responses it evoked against each neuron's usual
// answer (so that images differ), and the neurons that answered most, ready to be pinned.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_IMAGE_DETAIL (pct_image_detail_get_type())
G_DECLARE_FINAL_TYPE(PctImageDetail, pct_image_detail, PCT, IMAGE_DETAIL, GtkWidget)

// Once.
void pct_image_detail_set_project(PctImageDetail *self, PctProject *project, PctSelection *selection);

G_END_DECLS
