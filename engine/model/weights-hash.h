// SPDX-License-Identifier: GPL-3.0-or-later
// What tells one file of weights (or one set of images) from another: the SHA-256 of its bytes. A model remembers by it
// what it was made with, whatever that is called now.
#pragma once
#include "base/run.h"

// 64 hex digits of the file at path, read piece by piece. NULL with PCT_ERROR_IO or _CANCELLED. Free with g_free.
char *pct_weights_hash(const char *path, const PctRun *run, GError **error);
