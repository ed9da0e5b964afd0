// SPDX-License-Identifier: GPL-3.0-or-later
// The one window: a header bar and the pages of one project. It opens recordings (the old project stays until the new
// one is there), shows what runs, and rebuilds its pages for each project. A page is one line in the table in
// main-window.c.
#pragma once
#include <adwaita.h>
#include "selection.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_MAIN_WINDOW (pct_main_window_get_type())
G_DECLARE_FINAL_TYPE(PctMainWindow, pct_main_window, PCT, MAIN_WINDOW, AdwApplicationWindow)

// settings may be NULL.
PctMainWindow *pct_main_window_new(AdwApplication *application, GSettings *settings);

// Both start in the background; what goes wrong is told in the window. What is no recording of ours is imported.
void pct_main_window_open(PctMainWindow *self, GFile *file);
void pct_main_window_open_demo(PctMainWindow *self);
// The recording at file (NULL: the demo), with the models of a shared file that belongs to it.
void pct_main_window_open_shared(PctMainWindow *self, GFile *file, const char *shared);
// Asks for a file, or for a folder.
void pct_main_window_choose(PctMainWindow *self, gboolean folder);

// Opens the assistant that makes a recording of foreign files, on paths (NULL-terminated; NULL: none yet), or adds them to
// the one that is open.
void pct_main_window_import(PctMainWindow *self, const char *const *paths);

// One sentence: in passing, or one that stays until it is read.
void pct_main_window_say(PctMainWindow *self, const char *sentence);
void pct_main_window_tell(PctMainWindow *self, const char *heading, const char *sentence);

// Opens the recording that is open once more with the trials that meet a condition (work/trial-filter.h; NULL: all); what
// is on show stays until they are there.
void pct_main_window_reopen(PctMainWindow *self, const char *trials);

// Borrowed; NULL: none is open.
PctProject *pct_main_window_get_project(PctMainWindow *self);
// The page in sight; NULL: none is. Borrowed.
GtkWidget *pct_main_window_get_page(PctMainWindow *self);
// The commands that make what it shows anew, one a line. NULL with G_IO_ERROR_NOT_SUPPORTED: there are none, one sentence
// why. Free with g_free.
char *pct_main_window_dup_command(PctMainWindow *self, GError **error);
// What the pages share. Borrowed.
PctSelection *pct_main_window_get_selection(PctMainWindow *self);

guint pct_main_window_get_n_pages(void);
const char *pct_main_window_get_page_name(guint page);

G_END_DECLS
