// SPDX-License-Identifier: GPL-3.0-or-later
// How a measure is named and its values are written, the same wherever a person meets a score. Errors are whole grey
// levels squared, whatever is a correlation or a share has three decimals.
#pragma once
#include "work/scores.h"

G_BEGIN_DECLS

// Those of every table of scores, in the order of its columns; the first one is what is looked at first.
#define PCT_N_TABLE_MEASURES 5
extern const PctMeasure pct_table_measures[PCT_N_TABLE_MEASURES];

// Translated: "PixCorr". Of a band of spatial frequency: "to 1/16".
const char *pct_measure_get_title(PctMeasure measure);
// One of the table's, by its name ("ssim_min_max"). FALSE if it is none of them.
gboolean pct_table_measure_from_name(const char *name, PctMeasure *measure);
// Free with g_free; a dash for what is not known.
char *pct_measure_dup_text(PctMeasure measure, double value);
// "0.390 – 0.441"; NULL where it is not known. Free with g_free.
char *pct_measure_dup_interval_text(PctMeasure measure, PctInterval interval);
// "0.416 (95 %: 0.390 – 0.441)", or the value alone. Free with g_free.
char *pct_measure_dup_sentence(PctMeasure measure, double value, PctInterval interval);

G_END_DECLS
