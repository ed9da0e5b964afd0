// SPDX-License-Identifier: GPL-3.0-or-later
// What the Slide page remembers: its history and its bookmarks, their commands in the page's group "slide" (undo, redo,
// add-bookmark, go-to-bookmark, rename-bookmark, delete-bookmark), and how a state of before is put back in hand: model,
// image and pins by the selection, the rest by the slide. A press of the mouse to its release is one step.
#pragma once
#include <gtk/gtk.h>
#include "image-bar.h"
#include "selection.h"
#include "work/slide-bookmarks.h"
#include "work/slide-history.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_MEMORY (pct_slide_memory_get_type())
G_DECLARE_FINAL_TYPE(PctSlideMemory, pct_slide_memory, PCT, SLIDE_MEMORY, GObject)

// page: borrowed, outlives it; actions: the page's. Signal "say" (sentence): something to tell, e.g. that a bookmark's
// model is gone. Signal "view" (its word): a state puts this view in sight.
PctSlideMemory *pct_slide_memory_new(GtkWidget *page, GSimpleActionGroup *actions, PctProject *project,
                                     PctSelection *selection, PctSlide *slide, PctImageBar *bar);
PctSlideHistory *pct_slide_memory_get_history(PctSlideMemory *self);      // borrowed
PctSlideBookmarks *pct_slide_memory_get_bookmarks(PctSlideMemory *self);  // borrowed

// Undo and redo, which say what of.
GtkWidget *pct_slide_memory_make_buttons(PctSlideMemory *self);
// A menu button: the bookmarks to go to, to rename and to delete, and a line to add one. Action "bookmarks" opens it.
GtkWidget *pct_slide_memory_make_menu(PctSlideMemory *self);

G_END_DECLS
