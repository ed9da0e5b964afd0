// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind a figure of a first look as CSV, with what they are of as JSON beside it. Figures by their names,
// "reliability", "noise", "drift", "running_speed", "pupil_size", "score", "expected". Main thread only.
#pragma once
#include "work/look.h"

G_BEGIN_DECLS

// Whether there are numbers (now) for a figure.
gboolean pct_look_file_has(PctLook *look, const char *figure);
// path ends in .csv. FALSE with PCT_ERROR_UNSUPPORTED (no such figure, another ending) or _IO.
gboolean pct_look_file_save(PctLook *look, const char *figure, const char *path, GError **error);

G_END_DECLS
