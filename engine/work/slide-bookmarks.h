// SPDX-License-Identifier: GPL-3.0-or-later
// Named states of the Slide page, kept in the workspace's slide-bookmarks.json. A name stands once. Main thread only.
// Signal "changed": the list, or its problem, is other.
#pragma once
#include "work/slide-state.h"

G_BEGIN_DECLS

#define PCT_TYPE_SLIDE_BOOKMARKS (pct_slide_bookmarks_get_type())
G_DECLARE_FINAL_TYPE(PctSlideBookmarks, pct_slide_bookmarks, PCT, SLIDE_BOOKMARKS, GObject)

PctSlideBookmarks *pct_slide_bookmarks_new(PctProject *project);

// In the order in which they were added; none before they are read, which "changed" tells and everything below that has a
// name waits for.
guint pct_slide_bookmarks_get_n(PctSlideBookmarks *self);
const char *pct_slide_bookmarks_get_name(PctSlideBookmarks *self, guint i);            // borrowed
const PctSlideState *pct_slide_bookmarks_get_state(PctSlideBookmarks *self, guint i);  // borrowed
// -1: there is none.
int pct_slide_bookmarks_find(PctSlideBookmarks *self, const char *name);

// A name without white space around it, which none bears yet. FALSE with PCT_ERROR_UNSUPPORTED: it is empty or taken, or
// there are too many. state: copied.
gboolean pct_slide_bookmarks_add(PctSlideBookmarks *self, const char *name, const PctSlideState *state, GError **error);
gboolean pct_slide_bookmarks_rename(PctSlideBookmarks *self, const char *from, const char *to, GError **error);
void pct_slide_bookmarks_remove(PctSlideBookmarks *self, const char *name);

// Why those of before are not there, or why these cannot be kept; NULL: no problem.
const char *pct_slide_bookmarks_get_problem(PctSlideBookmarks *self);

G_END_DECLS
