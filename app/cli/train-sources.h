// SPDX-License-Identifier: GPL-3.0-or-later
// What train makes a model with: an encoder (-e), a set of most exciting inputs (--meis), a folder of photographs
// (--photographs), as its kind and options ask for them. Which they are is noted in the model's description; a resumed
// training takes what it finds noted there.
#pragma once
#include "models.h"

// As given on the command line; NULL: the best, the newest, none.
typedef struct {
  const char *encoder, *meis, *photographs;
  gboolean linear;  // of a .pt
} PctSourceArguments;

typedef struct {
  PctOpenedEncoder encoder;
  PctOpenedMeis meis;
} PctOpenedSources;

// Whether a model of the kind with these options has a use for what is given. FALSE after a complaint (exit with
// PCT_EXIT_USAGE).
gboolean pct_source_arguments_check(const PctSourceArguments *arguments, const PctModelKind *kind,
                                    const PctOptionValues *options);

// Opens what a model of info's kind and options is made with, and notes it in info; opened: empty, to be cleared in any
// case. resume: arguments are not looked at. FALSE with the errors of opening (PCT_ERROR_SHAPE where it does not fit the
// recording), or PCT_ERROR_UNSUPPORTED: there is none, or it is another than the training was begun with.
gboolean pct_sources_open(PctOpenedSources *opened, const PctSourceArguments *arguments, const char *workspace,
                          const PctOpenedRecording *recording, PctModelInfo *info, gboolean resume, const PctRun *run,
                          GError **error);
void pct_opened_sources_clear(PctOpenedSources *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PctOpenedSources, pct_opened_sources_clear)
