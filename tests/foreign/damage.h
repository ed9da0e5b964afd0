// SPDX-License-Identifier: GPL-3.0-or-later
// Files with a byte changed or their end missing, opened and read to the last array in a child process that may die: the
// libraries behind the readers were not made for such files. What must hold is that the child ends, in bounded time.
#pragma once
#include <glib.h>

// Of n_changes copies of the sample, the same in every run. Our own readers may not die at all: then `may_die` is FALSE.
void check_damaged(const char *name, guint n_changes, gboolean may_die);
