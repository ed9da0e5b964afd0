// SPDX-License-Identifier: GPL-3.0-or-later
// Most exciting inputs into a file, from the first row to the last: what is ready is written every few seconds and when
// it ends, however it ends, so that a second call goes on. For work/ and percept-cli. Any thread.
#pragma once
#include "data/statistics.h"
#include "encode/mei.h"

// The seconds between two writings.
#define PCT_MEIS_SAVE_SECONDS 10

// Fills in mean and contrast where options (of pct_mei_kind) have 0: the train images' mean and a tenth of their
// standard deviation. FALSE with PCT_ERROR_UNSUPPORTED where these give no contrast or are out of range.
gboolean pct_mei_options_resolve(PctOptionValues *options, double image_mean, double image_std, GError **error);

// Fills set into the file at path, by options that are resolved. FALSE with the errors of pct_mei_set_fill (the rows that
// are ready are then in the file, if there are any) or PCT_ERROR_IO.
gboolean pct_meis_fill_file(PctMeiSet *set, const PctEncoder *encoder, const PctOptionValues *options, guint64 seed,
                            const char *path, const PctRun *run, GError **error);
// Rows that are ready.
int pct_mei_set_count_ready(const PctMeiSet *set);
