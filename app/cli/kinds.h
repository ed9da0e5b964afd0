// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of models and their options, as told to a person.
#pragma once
#include "work/kinds.h"

// Everything there is to say of a kind, on stdout.
void pct_kinds_print(const PctModelKind *kind);
// Says which kinds there are; returns PCT_EXIT_USAGE.
int pct_kinds_refuse(const char *kind);

// What may be written after "name=": "0 … 1", "crop|stretch". Free with g_free.
char *pct_option_dup_range(const PctOption *option);
