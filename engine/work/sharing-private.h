// SPDX-License-Identifier: GPL-3.0-or-later
// What opening, a project and percept-cli have in common when models of a shared file come to a recording.
#pragma once
#include "work/opened.h"
#include "work/shared-file.h"

// Into the recording's own workspace, whose description is written. The folders of those taken in; NULL with the errors of
// pct_shared_file_check and pct_shared_file_take_in. Free with g_ptr_array_unref.
GPtrArray *pct_opened_take_in(PctOpened *opened, const PctSharedFile *file, const PctRun *run, GError **error);
