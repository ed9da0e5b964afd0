// SPDX-License-Identifier: GPL-3.0-or-later
// A number as text, the same wherever it stands: a true minus, digits in groups of three as the person's language has
// it, and a dash for what is not known. Numbers that are names (of an image, of a neuron) are not for this.
#pragma once
#include <glib.h>

// Free with g_free.
char *pct_number_text(double value, int decimals);
