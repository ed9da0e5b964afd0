// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to many responses at once, as commands of the page's group "slide": group-scale (d), copy-responses and
// paste-responses (text of "neuron<TAB>response" lines, and the vector itself with the number of trials that it is a mean
// of), take-responses (ii: image, repeat or -1 for the mean) and take-responses-from, which asks; next-repeat,
// previous-repeat and mean-of-repeats walk through the trials of the image in hand.
#pragma once
#include <gtk/gtk.h>
#include "image-bar.h"
#include "selection.h"
#include "work/slide.h"

G_BEGIN_DECLS

#define PCT_TYPE_RESPONSE_COMMANDS (pct_response_commands_get_type())
G_DECLARE_FINAL_TYPE(PctResponseCommands, pct_response_commands, PCT, RESPONSE_COMMANDS, GObject)

// page: borrowed, outlives it; actions: the page's. Signal "say" (sentence): why something could not be done.
PctResponseCommands *pct_response_commands_new(GtkWidget *page, GSimpleActionGroup *actions, PctProject *project,
                                               PctSelection *selection, PctSlide *slide, PctImageBar *bar);
// A menu button with all of them.
GtkWidget *pct_response_commands_make_menu(PctResponseCommands *self);

G_END_DECLS
