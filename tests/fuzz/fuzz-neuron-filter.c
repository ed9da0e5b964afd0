// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a filter: parsed in bounded time and stack, refused with one whole sentence, or evaluated.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "target.h"
#include "work/neuron-filter.h"

#define N 5

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  static const double known[N] = { -1, 0, 0.5, 40, NAN };
  g_autofree char *text = g_strndup((const char *)bytes, n);
  g_autoptr(GError) error = NULL;
  static const char *const areas[] = { "V1", "LM", "V1", "", "second visual", NULL };
  g_autoptr(PctNeuronLabels) labels = pct_neuron_labels_new((char *const *)areas, NULL);
  int position;
  g_autoptr(PctNeuronFilter) filter = pct_neuron_filter_new(text, labels, &position, &error);
  g_assert_true(!filter == !!error);
  if (!filter) {
    g_assert_true(g_error_matches(error, PCT_ERROR, PCT_ERROR_FORMAT));
    g_assert_true(g_utf8_validate(error->message, -1, NULL) && g_str_has_suffix(error->message, "."));
    g_assert_true(strlen(error->message) < 400 && !strpbrk(error->message, "\n\r\033"));
    g_assert_true(position >= 0 && (gsize)position <= strlen(text));
    return 0;
  }
  const double *columns[PCT_N_COLUMNS] = { NULL };
  for (guint i = 0; i < PCT_N_COLUMNS; i += 2)
    columns[i] = known;
  columns[PCT_COLUMN_AREA] = pct_neuron_labels_get_values(labels, PCT_COLUMN_AREA);
  guint8 pass[N];
  int n_passing = pct_neuron_filter_evaluate(filter, columns, N, pass), sum = 0;
  for (int i = 0; i < N; i++) {
    g_assert_true(pass[i] <= 1);
    sum += pass[i];
  }
  g_assert_true(sum == n_passing);
  return 0;
}
