// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders and their options, as told to a person.
#pragma once
#include "decode/decoder.h"

// Everything there is to say of a kind, on stdout.
void pct_kinds_print(const PctDecoderClass *klass);
// Says which kinds there are; returns PCT_EXIT_USAGE.
int pct_kinds_refuse(const char *kind);
