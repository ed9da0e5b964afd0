// SPDX-License-Identifier: GPL-3.0-or-later
// The First Look page: what a recording is, what is odd about it, and what it is good for, before anything is trained.
// The facts are looked for when the page is first shown; so is the score, where it takes but seconds.
#pragma once
#include "look/score-card.h"
#include "selection.h"

G_BEGIN_DECLS

#define PCT_TYPE_LOOK_PAGE (pct_look_page_get_type())
G_DECLARE_FINAL_TYPE(PctLookPage, pct_look_page, PCT, LOOK_PAGE, GtkWidget)

GtkWidget *pct_look_page_new(PctProject *project, PctSelection *selection);
// The percept-cli command that finds the same. Free with g_free.
char *pct_look_page_dup_command(GtkWidget *page, GError **error);
PctLook *pct_look_page_get_look(PctLookPage *self);
// What was said last of an export; "": nothing.
const char *pct_look_page_get_said(PctLookPage *self);

G_END_DECLS
