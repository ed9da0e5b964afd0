// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is made with, as a job owns it and its thread reads it: an encoder, and the file of a set, which it reads
// for itself, because the rows of another's are told on the main thread alone. For work/ itself.
#pragma once
#include "work/origins.h"
#include "work/project-private.h"
#include "work/training-sources.h"

typedef struct {
  PctModelEncoder *encoder;  // NULL: none
  char *meis;                // path; NULL: none
} PctSourceFiles;

// Main thread. Takes references to found (whole, of pct_training_sources_find) and names it in info.
void pct_source_files_take(PctSourceFiles *files, const PctTrainingSources *found, PctModelInfo *info);
void pct_source_files_clear(PctSourceFiles *files);

// Any thread. *encoder and *meis, NULL before, get what there is; info, which names them, gets their hashes (resume: they
// must be the same). FALSE with the errors of reading, of pct_origin_note or pct_origin_note_photographs.
gboolean pct_source_files_open(const PctSourceFiles *files, const PctRecording *recording, PctModelInfo *info,
                               gboolean resume, PctEncoder **encoder, PctMeiSet **meis, const PctRun *run,
                               GError **error);
