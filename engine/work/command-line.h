// SPDX-License-Identifier: GPL-3.0-or-later
// The percept-cli command that reproduces what a view shows, written word by word: paths are absolute, models are named
// by their folders, numbers are exact, and a shell reads every word as it was meant. Main thread only.
#pragma once
#include "work/slide.h"

G_BEGIN_DECLS

typedef struct _PctCommandLine PctCommandLine;

// "percept-cli NAME".
PctCommandLine *pct_command_line_new(const char *name);
// The text; line is consumed. Free with g_free.
char *pct_command_line_free(PctCommandLine *line);

// Words that follow, up to a NULL.
void pct_command_line_add(PctCommandLine *line, ...) G_GNUC_NULL_TERMINATED;
// "--name" and a value that reads back as the same bits.
void pct_command_line_add_integer(PctCommandLine *line, const char *name, gint64 value);
void pct_command_line_add_float(PctCommandLine *line, const char *name, float value);
// option NULL: the path alone. The demo is "demo"; a filter of trials is said by --trials.
void pct_command_line_add_recording(PctCommandLine *line, const char *option, PctProject *project);
void pct_command_line_add_model(PctCommandLine *line, const char *option, PctModel *model);
// What a slide has in hand of an image of the recording: --image, --repeat, --response, --averaged-over, --z-seed.
void pct_command_line_add_in_hand(PctCommandLine *line, PctSlide *slide);

G_END_DECLS
