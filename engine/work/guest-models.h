// SPDX-License-Identifier: GPL-3.0-or-later
// Models of another workspace that move into this one: under their own names where those are free, and none twice. What a
// model says of the encoder or the set it was made with follows where that was renamed. All of them, or none.
#pragma once
#include "base/run.h"

// from, workspace: workspace folders, on one disk; the finished models leave `from`. shipped: those that come with Percept
// count as being there. Returns the folders of those that are new; NULL with the errors of pct_model_info_load,
// PCT_ERROR_IO or _CANCELLED. Free with g_ptr_array_unref.
GPtrArray *pct_guest_models_take_in(const char *from, const char *workspace, gboolean shipped, const PctRun *run,
                                    GError **error);
