// SPDX-License-Identifier: GPL-3.0-or-later
// The window's commands that give a workspace away and take one in: "share" asks what and where, "share-to" (path,
// whether with the recording, names of models) does it. How it went is said in the window.
#pragma once
#include "main-window.h"
#include "work/shared-file.h"

G_BEGIN_DECLS

// Once, when the window is made.
void pct_share_commands_add(PctMainWindow *window);
// A project is there.
void pct_share_commands_show(PctMainWindow *window);
// A shared file does not hold its recording: the open one takes its models if it is that one, else the person is told
// which it is (sentence) and asked for it.
void pct_share_commands_match(PctMainWindow *window, const PctSharedAbout *wanted, GFile *shared, const char *sentence);

G_END_DECLS
