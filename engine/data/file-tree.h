// SPDX-License-Identifier: GPL-3.0-or-later
// The file-tree layout (as of Lurz et al. 2021): data/images/<i>.npy (1,H,W), data/responses/<i>.npy (M,),
// meta/trials/tiers.npy (N,), optionally meta/neurons/{unit_ids,cell_motor_coordinates}.npy, at the root of an archive
// or in a folder of its root. A file for every trial 0 .. N-1 must be there; other files beside them, such as notes or
// what a file manager leaves, are passed over. Trials whose images are equal showed the same image; images are numbered
// by first appearance.
#pragma once
#include "data/archive.h"
#include "data/recording.h"

// "" or a folder with its '/', or NULL if there is no such tree. Free with g_free.
char *pct_file_tree_find_root(const PctArchive *archive);
// Errors as pct_recording_open. name is given to the recording.
PctRecording *pct_file_tree_read(PctArchive *archive, const char *root, const char *name, const PctRun *run,
                                 GError **error);
