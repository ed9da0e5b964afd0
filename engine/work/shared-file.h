// SPDX-License-Identifier: GPL-3.0-or-later
// Opening what work/share.h wrote, which may come from anybody (data/packed-folder.h). With its recording it becomes a
// folder of its own; without, its models are taken into the workspace of that recording, which is told by its
// fingerprint. Invariant: either all of it is there in the end, or nothing; and nothing that was there is touched.
#pragma once
#include "base/run.h"
#include "data/recording.h"

typedef struct {
  char *shown;        // the file's base name, for sentences
  char *recording;    // the recording's name, for a person
  char *fingerprint;  // 64 hex digits
  int n_neurons, n_images, n_trials;
  gboolean demo;      // the recording is the one that Percept makes itself
  gboolean has_recording;
} PctSharedAbout;

typedef struct _PctSharedFile PctSharedFile;

// Whether the file at path is such a one (and not, for instance, a recording in a zip file). Quick.
gboolean pct_shared_file_is_one(const char *path);
// NULL with PCT_ERROR_IO or _FORMAT.
PctSharedFile *pct_shared_file_open(const char *path, GError **error);
void pct_shared_file_free(PctSharedFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctSharedFile, pct_shared_file_free)
const PctSharedAbout *pct_shared_file_get_about(const PctSharedFile *file);
// Which recording it belongs to and that it does not hold it, one sentence. Free with g_free.
char *pct_shared_file_dup_wanted(const PctSharedFile *file);

// One with its recording: unpacks it to a fresh folder, target or (NULL) one with its name beside the file, or, where
// that cannot be written, in the user's data folder; "NAME 2" where there is one already. Returns the .percept folder in
// it, which pct_opened_new takes. NULL with PCT_ERROR_FORMAT, _IO or _CANCELLED. Free with g_free.
char *pct_shared_file_unpack(const PctSharedFile *file, const char *target, const PctRun *run, GError **error);

// Whether it belongs to this recording (demo: the one that Percept makes itself). FALSE with PCT_ERROR_UNSUPPORTED.
gboolean pct_shared_file_check(const PctSharedFile *file, PctRecording *recording, gboolean demo, GError **error);
// Takes its models into a workspace, each under its own name or the next that is free; one whose weights are there already
// is left out (shipped: there already are also those that come with Percept). Returns the folders of those taken in. NULL
// with PCT_ERROR_FORMAT, _IO or _CANCELLED. Free with g_ptr_array_unref.
GPtrArray *pct_shared_file_take_in(const PctSharedFile *file, const char *workspace, gboolean shipped, const PctRun *run,
                                   GError **error);
