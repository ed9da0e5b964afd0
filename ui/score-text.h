// SPDX-License-Identifier: GPL-3.0-or-later
// A score as text, the same wherever it stands: a true minus, thousands grouped as the person's language has it, and a
// dash for what is not known.
#pragma once
#include <glib.h>

// Free with g_free.
char *pct_score_text(double value, int decimals);
