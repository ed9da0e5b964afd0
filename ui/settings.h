// SPDX-License-Identifier: GPL-3.0-or-later
// The window's few settings. An uninstalled window finds its schema in the build folder; where there is none at all,
// there are no settings and the window does with its defaults: g_settings_new() would end the program.
#pragma once
#include <gio/gio.h>

// New reference; NULL: no schema is installed.
GSettings *pct_settings_new(void);
