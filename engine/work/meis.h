// SPDX-License-Identifier: GPL-3.0-or-later
// A set of most exciting inputs as a view sees it: read from its file when somebody first asks, or filling while its
// training runs. A row is one neuron's; once ready it never changes. Main thread only.
//
// Signal "changed" (GArray *rows, of int, borrowed): these rows became ready. Property "problem" notifies.
#pragma once
#include "work/lanes.h"
#include "work/picture.h"

G_BEGIN_DECLS

#define PCT_TYPE_MEIS (pct_meis_get_type())
G_DECLARE_FINAL_TYPE(PctMeis, pct_meis, PCT, MEIS, GObject)

// Starts reading the file on the background lane, unless it has been read, is being read or could not be: "changed"
// tells when rows are there.
void pct_meis_load(PctMeis *self, PctLanes *lanes);
// Why there is nothing to read, a sentence; NULL: no problem.
const char *pct_meis_get_problem(PctMeis *self);

// 0 until it is read or its training has begun.
int pct_meis_get_n_rows(PctMeis *self);
int pct_meis_get_n_ready(PctMeis *self);
gboolean pct_meis_is_ready(PctMeis *self, int row);
// Which neuron's a row is, and the row of a neuron: -1 if there is none.
int pct_meis_get_neuron(PctMeis *self, int row);
int pct_meis_find_row(PctMeis *self, int neuron);
// Of a row that is ready. The image (H,W) in grey levels: a new picture.
PctPicture *pct_meis_dup_picture(PctMeis *self, int row);
// The encoder's rate at the image, and at flat grey of the same mean; in units of the neuron's scale.
double pct_meis_get_activation(PctMeis *self, int row);
double pct_meis_get_baseline(PctMeis *self, int row);

G_END_DECLS
