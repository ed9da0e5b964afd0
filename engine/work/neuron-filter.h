// SPDX-License-Identifier: GPL-3.0-or-later
// Which neurons? A small language over the columns: `reliability > 0.3 and (rf_x < 32 or not orientation > 90)`.
//
//   condition: comparison | not condition | condition and condition | condition or condition | ( condition )
//   comparison: sum OP sum [OP sum ...], OP one of < <= > >= = == != ; 0.2 < x < 0.4 means both. Also !, &&, ||.
//   sum: numbers, columns, the words simple and energy (of gabor_kind), + - * /, unary minus, ( )
//
// `not` binds tightest, then `and`, then `or`. A comparison with an unknown value (NAN) is false, != too. Words are
// read in any case. Whatever the text, parsing takes bounded time and stack. Immutable; any thread.
#pragma once
#include "work/neuron-columns.h"

G_BEGIN_DECLS

typedef struct _PctNeuronFilter PctNeuronFilter;

// Bytes a text may have, and parentheses, minuses and nots that may be open at once.
#define PCT_FILTER_LONGEST 4096
#define PCT_FILTER_DEEPEST 64

// text: UTF-8, or anything at all. A blank one lets every neuron pass. NULL with PCT_ERROR_FORMAT: one translated
// sentence with the place (characters from 1), what was expected and what was found, and the nearest column's name
// after a typing error. position (may be NULL): of the error, in characters from 0, for a cursor.
PctNeuronFilter *pct_neuron_filter_new(const char *text, int *position, GError **error);
void pct_neuron_filter_free(PctNeuronFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctNeuronFilter, pct_neuron_filter_free)

// The columns it reads.
PctNeuronColumns pct_neuron_filter_get_columns(const PctNeuronFilter *filter);
// pass (n,): 1 or 0. columns: (n,) each by PctNeuronColumn; NULL: unknown for every neuron. Returns how many pass.
int pct_neuron_filter_evaluate(const PctNeuronFilter *filter, const double *const columns[PCT_N_COLUMNS], int n,
                               guint8 *pass);

G_END_DECLS
