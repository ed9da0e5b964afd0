// SPDX-License-Identifier: GPL-3.0-or-later
// The window's commands that give something away: "share" asks what of a workspace and where, "share-to" (path, whether
// with the recording, names of models) does it, "copy-command" puts what the page in sight shows on the clipboard as
// percept-cli commands; and how what others gave is taken in. How it went is said in the window.
#pragma once
#include "main-window.h"
#include "work/shared-file.h"

G_BEGIN_DECLS

// Once, when the window is made.
void pct_window_share_attach(PctMainWindow *window);
// A project is there.
void pct_window_share_show(PctMainWindow *window);
// A shared file does not hold its recording: the open one takes its models if it is that one, else the person is told
// which it is (sentence) and asked for it.
void pct_window_share_match(PctMainWindow *window, const PctSharedAbout *wanted, GFile *shared, const char *sentence);

G_END_DECLS
