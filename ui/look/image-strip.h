// SPDX-License-Identifier: GPL-3.0-or-later
// The first images of a recording with their tiers, to see at once that they are upright, whole and of the right
// contrast.
#pragma once
#include <gtk/gtk.h>
#include "work/project.h"

G_BEGIN_DECLS

GtkWidget *pct_image_strip_new(PctProject *project);

G_END_DECLS
