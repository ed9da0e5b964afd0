// SPDX-License-Identifier: GPL-3.0-or-later
// What percept-import gives up before it opens a file: memory beyond a limit, time beyond a limit, the network, other
// programs, and outliving whoever started it. A hostile file that takes the process over has little to do with it.
#pragma once
#include <glib.h>

// memory: bytes of address space; seconds: of processor time; 0: unlimited. FALSE with PCT_ERROR_UNSUPPORTED where the
// system refuses.
gboolean pct_sandbox_enter(guint64 memory, guint64 seconds, GError **error);
