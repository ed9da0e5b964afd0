// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a zip file that holds a recording. A zip's checksums keep most changes from reaching the arrays;
// fuzz-recording.c goes around them.
#include "data/recording-file.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) zip = g_bytes_new_static(bytes, n);
  g_autoptr(PctRecording) recording = pct_recording_open_memory(zip, "input", NULL, &error);
  g_assert_true(!recording == !!error);
  return 0;
}
