// SPDX-License-Identifier: GPL-3.0-or-later
// A small sound recording, written in each layout after a test has changed what it wants to be wrong.
#pragma once
#include "data/recording.h"

enum { K = 5, H = 3, W = 4, N = 6, M = 8 };

// What a test may change before the file is written.
typedef struct {
  const char *leave_out;
  gsize n_images, n_trials, n_tiers;
  float images[K * H * W], responses[N * M];
  gint32 index[N];
  guint32 tiers[N * 10];
} FilesContent;

extern char *files_folder;  // a fresh one for the test that runs

FilesContent files_sound(void);
// n words as numpy's <U10.
void files_spell(guint32 *text, const char *const *words, int n);
char *files_in_folder(const char *name);
// These return the path; free it with g_free.
char *files_write_npz(const FilesContent *content, const char *name);
char *files_write_tree(const FilesContent *content, const char *name);
char *files_zip_tree(const char *root, const char *name);
void files_put_text(const char *path, const char *name, const char *text);
// Must succeed.
PctRecording *files_open(const char *path);
// That it is files_sound().
void files_check(PctRecording *recording);

typedef struct {
  const char *path;
  void (*func)(void);
} FilesTest;

// Runs each in a folder of its own.
int files_run(int argc, char **argv, const FilesTest *tests, guint n);
