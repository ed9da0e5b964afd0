// SPDX-License-Identifier: GPL-3.0-or-later
// A file tree as of Lurz et al. 2021 and the Sensorium competitions (data/file-tree.h) as a source of arrays, for what
// the recording's own reader refuses: tiers of other names, frames of other sizes, trials whose responses are withheld.
// Each folder of numbered files is one array with trials first; a trial without its file is NAN throughout, and said.
#pragma once
#include "base/run.h"
#include "import/array-source.h"

// path: a folder or a zip file. NULL without an error: there is no such tree in it. run must outlive the source. NULL
// with PCT_ERROR_IO, _FORMAT, _SHAPE or _CANCELLED.
PctArraySource *pct_tree_source_open(const char *path, const PctRun *run, GError **error);
