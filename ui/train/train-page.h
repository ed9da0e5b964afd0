// SPDX-License-Identifier: GPL-3.0-or-later
// The page where models are made: every kind with its state, the options of the one in hand, and its training as it
// goes, or the run chosen from its history. Its commands are actions of the window: train.kind (a kind’s name),
// train.start, train.stop, train.resume.
#pragma once
#include <gtk/gtk.h>
#include "selection.h"
#include "work/project.h"

G_BEGIN_DECLS

#define PCT_TYPE_TRAIN_PAGE (pct_train_page_get_type())
G_DECLARE_FINAL_TYPE(PctTrainPage, pct_train_page, PCT, TRAIN_PAGE, GtkWidget)

GtkWidget *pct_train_page_new(PctProject *project, PctSelection *selection);
// The percept-cli commands that make what it shows anew, one a line (HACKING.md). NULL with G_IO_ERROR_NOT_SUPPORTED:
// there are none, one sentence why. Free with g_free.
char *pct_train_page_dup_command(GtkWidget *page, GError **error);

G_END_DECLS
