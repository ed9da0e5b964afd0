// SPDX-License-Identifier: GPL-3.0-or-later
// What an import is, said to a person in sentences with counts and units.
#pragma once
#include "import/assembly.h"

// Adds to sentences, of char *.
void pct_import_describe(const PctAssembly *assembly, const PctRecording *recording, GPtrArray *sentences);
