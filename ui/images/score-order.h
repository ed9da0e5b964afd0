// SPDX-License-Identifier: GPL-3.0-or-later
// The images' scores for one decoder and measure, by which the Images page sorts them: means over repeats in the full
// frame, of one tier at a time. Nothing is scored before a decoder is chosen. Signals: "changed" when values came or went,
// "decoders-changed" when there are others to choose from.
#pragma once
#include "work/scores.h"

G_BEGIN_DECLS

#define PCT_TYPE_SCORE_ORDER (pct_score_order_get_type())
G_DECLARE_FINAL_TYPE(PctScoreOrder, pct_score_order, PCT, SCORE_ORDER, GObject)

PctScoreOrder *pct_score_order_new(PctProject *project);
// Names of the finished decoders, NULL-terminated. Free with g_strfreev.
char **pct_score_order_dup_decoders(PctScoreOrder *self);
// NULL: none. FALSE if there is no such decoder.
gboolean pct_score_order_set_decoder(PctScoreOrder *self, const char *model);
const char *pct_score_order_get_decoder(PctScoreOrder *self);
void pct_score_order_set_measure(PctScoreOrder *self, PctMeasure measure);
PctMeasure pct_score_order_get_measure(PctScoreOrder *self);
// -1: the tier that is held out.
void pct_score_order_set_tier(PctScoreOrder *self, int tier);
// For a sort: below zero where the first image goes before the second. The better first, those without a score last.
int pct_score_order_compare(PctScoreOrder *self, int first, int second);

G_END_DECLS
