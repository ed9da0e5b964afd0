// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/neuron-columns.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LONGEST_NAME 24

typedef struct {
  const char *name, *title, *unit, *help;
  int decimals;
} Column;

static const Column columns[PCT_N_COLUMNS] = {
  [PCT_COLUMN_NUMBER] = { "number", N_("Number"), "", N_("The neuron's place in the recording, counted from 0."), 0 },
  [PCT_COLUMN_UNIT_ID] = { "unit_id", N_("Unit"), "", N_("The neuron's number in the file that it comes from."), 0 },
  [PCT_COLUMN_X] = { "x", N_("x in cortex"), N_("µm"), N_("Where the cell lies in cortex, first coordinate."), 0 },
  [PCT_COLUMN_Y] = { "y", N_("y in cortex"), N_("µm"), N_("Where the cell lies in cortex, second coordinate."), 0 },
  [PCT_COLUMN_Z] = { "z", N_("z in cortex"), N_("µm"), N_("Where the cell lies in cortex, third coordinate."), 0 },
  [PCT_COLUMN_AREA] = { "area", N_("Area"), "", N_("The area of cortex in which the cell lies."), 0 },
  [PCT_COLUMN_LAYER] = { "layer", N_("Layer"), "", N_("The layer of cortex in which the cell lies."), 0 },
  [PCT_COLUMN_DEPTH] = { "depth", N_("Depth"), N_("µm"), N_("How far below the surface of cortex the cell lies."), 0 },
  [PCT_COLUMN_MEAN] = { "mean", N_("Mean response"), "",
                        N_("Over all train trials, in the recording's own units."), 2 },
  [PCT_COLUMN_STD] = { "std", N_("Spread of responses"), "",
                       N_("Standard deviation over all train trials, in the recording's own units."), 2 },
  [PCT_COLUMN_RELIABILITY] = { "reliability", N_("Reliability"), "",
                               N_("Correlation of single trials with the mean over the other repeats of the same image "
                                  "(the oracle)."), 2 },
  [PCT_COLUMN_EXPLAINABLE_VARIANCE] = { "explainable_variance", N_("Explainable variance"), "",
                                        N_("The share of the variance over trials that the images account for."), 2 },
  [PCT_COLUMN_CORRELATION] = { "correlation", N_("Test correlation"), "",
                               N_("Of the encoder's prediction with the response, over single test trials."), 2 },
  [PCT_COLUMN_CORRELATION_AVERAGED] = { "correlation_averaged", N_("Test correlation, averaged"), "",
                                        N_("Of the encoder's prediction with the mean response over the repeats of a "
                                           "test image."), 2 },
  [PCT_COLUMN_CC_NORM] = { "cc_norm", N_("Normalised correlation"), "",
                           N_("CC_norm: the averaged test correlation as a share of what noise leaves attainable."),
                           2 },
  [PCT_COLUMN_FEVE] = { "feve", N_("Explained of the explainable"), "",
                        N_("FEVE: the share of the explainable variance that the encoder explains on the test tier."),
                        2 },
  [PCT_COLUMN_RF_X] = { "rf_x", N_("Receptive field, x"), N_("px"),
                        N_("Centre of the receptive field, pixels from the image's left edge."), 1 },
  [PCT_COLUMN_RF_Y] = { "rf_y", N_("Receptive field, y"), N_("px"),
                        N_("Centre of the receptive field, pixels from the image's upper edge."), 1 },
  [PCT_COLUMN_RF_SIZE] = { "rf_size", N_("Receptive field, size"), N_("px"),
                           N_("How wide the receptive field is: standard deviation of its envelope."), 1 },
  [PCT_COLUMN_ORIENTATION] = { "orientation", N_("Orientation"), N_("°"),
                               N_("The direction in which the fitted Gabor waves: 0° has upright bars, 90° level ones."),
                               0 },
  [PCT_COLUMN_FREQUENCY] = { "frequency", N_("Spatial frequency"), N_("c/px"),
                             N_("Cycles a pixel of the fitted Gabor."), 3 },
  [PCT_COLUMN_GABOR_SIZE] = { "gabor_size", N_("Gabor, size"), N_("px"),
                              N_("Standard deviation of the fitted Gabor's envelope across its bars."), 1 },
  [PCT_COLUMN_ASPECT] = { "aspect", N_("Gabor, aspect"), "",
                          N_("1: the fitted Gabor's envelope is round; less: longer along its bars."), 2 },
  [PCT_COLUMN_PHASE] = { "phase", N_("Gabor, phase"), N_("°"),
                         N_("Of the fitted Gabor at its centre: 0° a bright bar, 180° a dark one, between them an edge."),
                         0 },
  [PCT_COLUMN_GABOR_FIT] = { "gabor_fit", N_("Gabor, fit"), "",
                             N_("Correlation of what the fitted Gabor predicts with the responses to held-out images."),
                             2 },
  [PCT_COLUMN_GABOR_KIND] = { "gabor_kind", N_("Kind of cell"), "",
                              N_("Which Gabor predicts better: a simple cell's (one) or an energy cell's (a pair that "
                                 "ignores phase)."), 0 },
  [PCT_COLUMN_MEI_RESPONSE] = { "mei_response", N_("Response to its MEI"), N_("σ"),
                                N_("What the encoder predicts for the most exciting input, in units of the neuron's "
                                   "spread of responses."), 2 },
  [PCT_COLUMN_MEI_GAIN] = { "mei_gain", N_("Gain of its MEI"), "",
                            N_("The predicted response to the most exciting input, as a multiple of that to flat grey."),
                            1 },
};

static const Column *
get(PctNeuronColumn column)
{
  g_return_val_if_fail((guint)column < PCT_N_COLUMNS, &columns[0]);
  return &columns[column];
}

gboolean
pct_column_is_text(PctNeuronColumn column)
{
  return column == PCT_COLUMN_AREA || column == PCT_COLUMN_LAYER;
}

const char *
pct_column_get_name(PctNeuronColumn column)
{
  return get(column)->name;
}

const char *
pct_column_get_title(PctNeuronColumn column)
{
  return _(get(column)->title);
}

const char *
pct_column_get_unit(PctNeuronColumn column)
{
  // gettext("") is the catalogue's header.
  const char *unit = get(column)->unit;
  return *unit ? _(unit) : "";
}

const char *
pct_column_get_help(PctNeuronColumn column)
{
  return _(get(column)->help);
}

int
pct_column_get_decimals(PctNeuronColumn column)
{
  return get(column)->decimals;
}

char *
pct_column_format(PctNeuronColumn column, double value)
{
  if (!isfinite(value))
    return g_strdup("–");
  if (column == PCT_COLUMN_GABOR_KIND)
    return g_strdup(value == 0 ? _("simple") : _("energy"));
  // Positions may be in units in which the whole recording spans a few.
  gboolean position = column >= PCT_COLUMN_X && column <= PCT_COLUMN_Z;
  int decimals = position && fabs(value) < 10 ? 2 : pct_column_get_decimals(column);
  g_autofree char *digits = g_strdup_printf("%.*f", decimals, fabs(value));
  // "−0.00" tells nothing more than "0.00".
  return g_strconcat(value < 0 && strpbrk(digits, "123456789") ? "−" : "", digits, NULL);
}

gboolean
pct_column_from_name(const char *name, PctNeuronColumn *column)
{
  // What the field calls it.
  if (g_ascii_strcasecmp(name, "oracle") == 0)
    name = columns[PCT_COLUMN_RELIABILITY].name;
  for (guint i = 0; i < PCT_N_COLUMNS; i++)
    if (g_ascii_strcasecmp(columns[i].name, name) == 0) {
      *column = i;
      return TRUE;
    }
  return FALSE;
}

// Letters to insert, delete, change, or swap with the next (Damerau 1964), in any case.
static int
distance(const char *a, gsize n_a, const char *b, gsize n_b)
{
  int table[LONGEST_NAME + 1][LONGEST_NAME + 1];
  for (gsize i = 0; i <= n_a; i++)
    for (gsize j = 0; j <= n_b; j++) {
      if (i == 0 || j == 0) {
        table[i][j] = (int)(i + j);
        continue;
      }
      gboolean same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);
      int least = MIN(MIN(table[i - 1][j], table[i][j - 1]) + 1, table[i - 1][j - 1] + !same);
      if (i > 1 && j > 1 && g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 2]) &&
          g_ascii_tolower(a[i - 2]) == g_ascii_tolower(b[j - 1]))
        least = MIN(least, table[i - 2][j - 2] + 1);
      table[i][j] = least;
    }
  return table[n_a][n_b];
}

int
pct_column_find_nearest(const char *name)
{
  gsize n = strlen(name);
  if (n == 0 || n > LONGEST_NAME)
    return -1;
  int nearest = -1, least = G_MAXINT;
  for (int i = 0; i < PCT_N_COLUMNS; i++) {
    gsize n_i = strlen(columns[i].name);
    int d = distance(name, n, columns[i].name, n_i);
    if (d < least) {
      least = d;
      nearest = i;
    }
  }
  // A third of it wrong is still a slip; more is another word.
  if (least <= MAX(1, (int)n / 3) && least < (int)n)
    return nearest;
  // The beginning of a longer name is no slip, but as good a hint: "rel" or "explainable".
  for (int i = 0; i < PCT_N_COLUMNS; i++)
    if (n >= 3 && g_ascii_strncasecmp(columns[i].name, name, n) == 0)
      return i;
  return -1;
}
