// SPDX-License-Identifier: GPL-3.0-or-later
// The facts that can be known of a neuron, by name: one table for lists, filters, maps, histograms and exports. Every
// fact is a number, or the number of a text; NAN: not known, or there is none (a neuron that never varies has no reliability).
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  // Of the recording.
  PCT_COLUMN_NUMBER,                // 0..M-1
  PCT_COLUMN_UNIT_ID,
  PCT_COLUMN_X, PCT_COLUMN_Y, PCT_COLUMN_Z,  // in cortex, micrometres
  PCT_COLUMN_AREA, PCT_COLUMN_LAYER,         // texts, by their places among those there are (work/neuron-labels.h)
  PCT_COLUMN_DEPTH,                 // micrometres below the surface
  // Of the responses. Mean and standard deviation over single train trials, the others over repeated images.
  PCT_COLUMN_MEAN, PCT_COLUMN_STD,  // in the recording's units
  PCT_COLUMN_RELIABILITY, PCT_COLUMN_EXPLAINABLE_VARIANCE,
  // Of an encoder, on the test tier (measure/prediction-score.h).
  PCT_COLUMN_CORRELATION,           // single trials
  PCT_COLUMN_CORRELATION_AVERAGED,  // means over repeats
  PCT_COLUMN_CC_NORM, PCT_COLUMN_FEVE,
  // Of the receptive field and the Gabor fitted to the responses. Pixels from the image's upper left corner, the
  // corner pixel's centre being 0.
  PCT_COLUMN_RF_X, PCT_COLUMN_RF_Y, PCT_COLUMN_RF_SIZE,
  PCT_COLUMN_ORIENTATION,           // degrees, 0..180
  PCT_COLUMN_FREQUENCY,             // cycles a pixel
  PCT_COLUMN_GABOR_SIZE,            // alpha of SCIENCE.md, pixels
  PCT_COLUMN_ASPECT, PCT_COLUMN_PHASE,
  PCT_COLUMN_GABOR_FIT,             // correlation on the validation tier
  PCT_COLUMN_GABOR_KIND,            // 0: simple cell, 1: energy cell
  // Of a set of most exciting inputs, by the encoder that made it.
  PCT_COLUMN_MEI_RESPONSE,          // in units of the neuron's scale
  PCT_COLUMN_MEI_GAIN,              // times the response to flat grey
} PctNeuronColumn;
#define PCT_N_COLUMNS (PCT_COLUMN_MEI_GAIN + 1)

// A set of columns, one bit each.
typedef guint64 PctNeuronColumns;
#define PCT_COLUMN_BIT(column) (G_GUINT64_CONSTANT(1) << (column))
// What a recording may not know of any neuron.
#define PCT_COLUMNS_OPTIONAL (PCT_COLUMN_BIT(PCT_COLUMN_DEPTH + 1) - PCT_COLUMN_BIT(PCT_COLUMN_X))
#define PCT_COLUMNS_OF_RESPONSES                                                                        \
  (PCT_COLUMN_BIT(PCT_COLUMN_MEAN) | PCT_COLUMN_BIT(PCT_COLUMN_STD) | PCT_COLUMN_BIT(PCT_COLUMN_RELIABILITY) | \
   PCT_COLUMN_BIT(PCT_COLUMN_EXPLAINABLE_VARIANCE))
#define PCT_COLUMNS_OF_ENCODER                                                                          \
  (PCT_COLUMN_BIT(PCT_COLUMN_CORRELATION) | PCT_COLUMN_BIT(PCT_COLUMN_CORRELATION_AVERAGED) |            \
   PCT_COLUMN_BIT(PCT_COLUMN_CC_NORM) | PCT_COLUMN_BIT(PCT_COLUMN_FEVE))
#define PCT_COLUMNS_OF_RECEPTIVE_FIELDS \
  (PCT_COLUMN_BIT(PCT_COLUMN_GABOR_KIND + 1) - PCT_COLUMN_BIT(PCT_COLUMN_RF_X))
#define PCT_COLUMNS_OF_MEIS (PCT_COLUMN_BIT(PCT_COLUMN_MEI_RESPONSE) | PCT_COLUMN_BIT(PCT_COLUMN_MEI_GAIN))

// Whether a column's values number texts, which a filter compares with texts in quotation marks.
gboolean pct_column_is_text(PctNeuronColumn column);
// Stable identifier, as in a filter and in a file: "rf_x". All strings are static; any thread.
const char *pct_column_get_name(PctNeuronColumn column);
// Translated: a title ("Reliability"), a unit ("µm", "" for a plain number), one sentence.
const char *pct_column_get_title(PctNeuronColumn column);
const char *pct_column_get_unit(PctNeuronColumn column);
const char *pct_column_get_help(PctNeuronColumn column);
// How many are worth showing.
int pct_column_get_decimals(PctNeuronColumn column);
// The value for a person, without its unit: "0.62", "simple" (translated) for a kind of cell, "–" for NAN. Free with
// g_free.
char *pct_column_format(PctNeuronColumn column, double value);

// In any case of letters; also by the name "oracle" for reliability. FALSE if no column has this name.
gboolean pct_column_from_name(const char *name, PctNeuronColumn *column);
// The column whose name is nearest (fewest letters to insert, delete, change or swap); -1 if none is near.
int pct_column_find_nearest(const char *name);

G_END_DECLS
