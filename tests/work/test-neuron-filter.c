// SPDX-License-Identifier: GPL-3.0-or-later
// The language of filters: what it means, by loops written out here; what it refuses, where and how it says so.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "work/filter-parser.h"
#include "work/neuron-filter.h"

// Not a multiple of what is evaluated at a time.
#define N 301

typedef struct {
  double a, x, y, kind;  // reliability, rf_x, rf_y, gabor_kind
} Neuron;

static Neuron neurons[N];
static double values[4][N];
static const double *columns[PCT_N_COLUMNS];

// Small whole numbers, so that equality happens; some unknown.
static void
fill(void)
{
  PctRandom random = pct_random(3, 1);
  for (int i = 0; i < N; i++) {
    for (int c = 0; c < 4; c++)
      values[c][i] = pct_random_below(&random, 7) == 0 ? NAN
                     : c == 3                          ? (double)pct_random_below(&random, 2)
                                                       : (double)pct_random_below(&random, 6) - 1;
    neurons[i] = (Neuron){ values[0][i], values[1][i], values[2][i], values[3][i] };
  }
  columns[PCT_COLUMN_RELIABILITY] = values[0];
  columns[PCT_COLUMN_RF_X] = values[1];
  columns[PCT_COLUMN_RF_Y] = values[2];
  columns[PCT_COLUMN_GABOR_KIND] = values[3];
}

#define UNEQUAL(p, q) ((p) < (q) || (p) > (q))
// What a text means, of neuron n, by the rules of C. Frequency is not known of any.
#define MEANINGS(X)                                                                                   \
  X(1, "reliability > 1", n.a > 1)                                                                    \
  X(2, "reliability > 1 and rf_x < 3", n.a > 1 && n.x < 3)                                            \
  X(3, "reliability > 1 or rf_x < 3 and rf_y = 2", n.a > 1 || (n.x < 3 && n.y == 2))                  \
  X(4, "(reliability > 1 or rf_x < 3) and rf_y == 2", (n.a > 1 || n.x < 3) && n.y == 2)               \
  X(5, "not reliability > 1", !(n.a > 1))                                                             \
  X(6, "not reliability > 1 and rf_x < 3", !(n.a > 1) && n.x < 3)                                     \
  X(7, "not (reliability > 1 and rf_x < 3)", !(n.a > 1 && n.x < 3))                                   \
  X(8, "not not reliability > 1", n.a > 1)                                                            \
  X(9, "reliability != 1", UNEQUAL(n.a, 1))                                                           \
  X(10, "reliability = reliability", !isnan(n.a))                                                     \
  X(11, "reliability + rf_x * rf_y >= 4", n.a + n.x * n.y >= 4)                                       \
  X(12, "(reliability + rf_x) * rf_y <= 4", (n.a + n.x) * n.y <= 4)                                   \
  X(13, "reliability - rf_x - rf_y < 0", (n.a - n.x) - n.y < 0)                                       \
  X(14, "rf_x / rf_y / 2 < 1", n.x / n.y / 2 < 1)                                                     \
  X(15, "-rf_x * -rf_y + - 1 > --2", (-n.x) * (-n.y) - 1 > 2)                                         \
  X(16, "0 < rf_x < rf_y", 0 < n.x && n.x < n.y)                                                      \
  X(17, "0 < rf_x <= rf_y < 4 != reliability", 0 < n.x && n.x <= n.y && n.y < 4 && UNEQUAL(4, n.a))   \
  X(18, "not 0 < rf_x < rf_y or rf_x = 3", !(0 < n.x && n.x < n.y) || n.x == 3)                       \
  X(19, "gabor_kind = energy", n.kind == 1)                                                           \
  X(20, "gabor_kind != simple && !(rf_x > 2) || rf_y<>0", (UNEQUAL(n.kind, 0) && !(n.x > 2)) || UNEQUAL(n.y, 0)) \
  X(21, "ORACLE>.5e0 AND Rf_X<=1.", n.a > 0.5 && n.x <= 1)                                            \
  X(22, "rf_x ≥ 1 and rf_y ≤ 2 and rf_x ≠ −1", n.x >= 1 && n.y <= 2 && UNEQUAL(n.x, -1))              \
  X(23, "frequency > 0", FALSE)                                                                       \
  X(24, "not frequency > 0", TRUE)                                                                    \
  X(25, "frequency != frequency or frequency = frequency", FALSE)                                     \
  X(26, "rf_x / (rf_x - rf_x) > 100", n.x > 0)                                                        \
  X(27, "1 < 2", TRUE)                                                                                \
  X(28, "  ", TRUE)                                                                                   \
  X(29, "((((rf_x)) + 1) > (2)) and ((rf_y < 3))", n.x + 1 > 2 && n.y < 3)                            \
  X(30, "rf_x>1e-3and rf_y<0.3e+1", n.x > 0.001 && n.y < 3)

#define AS_FUNCTION(i, text, meaning) \
  static gboolean                     \
  meaning_##i(Neuron n)               \
  {                                   \
    return meaning;                   \
  }
#define AS_ROW(i, text, meaning) { text, meaning_##i },
MEANINGS(AS_FUNCTION)

static const struct {
  const char *text;
  gboolean (*meaning)(Neuron n);
} meanings[] = { MEANINGS(AS_ROW) };

static void
test_meanings(void)
{
  for (guint k = 0; k < G_N_ELEMENTS(meanings); k++) {
    g_test_message("%s", meanings[k].text);
    g_autoptr(GError) error = NULL;
    g_autoptr(PctNeuronFilter) filter = pct_neuron_filter_new(meanings[k].text, NULL, NULL, &error);
    g_assert_no_error(error);
    guint8 pass[N + 1];
    memset(pass, 7, sizeof(pass));
    int n = pct_neuron_filter_evaluate(filter, columns, N, pass), expected = 0;
    for (int i = 0; i < N; i++) {
      g_assert_cmpint(pass[i], ==, meanings[k].meaning(neurons[i]));
      expected += pass[i];
    }
    g_assert_cmpint(n, ==, expected);
    g_assert_cmpint(pass[N], ==, 7);
    g_assert_cmpint(pct_neuron_filter_evaluate(filter, columns, 0, pass), ==, 0);
  }
}

// Position in characters from 0, and what the sentence says.
static const struct {
  const char *text;
  int position;
  const char *says;
} refusals[] = {
  { "reliability", 11, "expected a comparison (< <= > >= = !=), found the end" },
  { "reliability >", 13, "expected a column or a number, found the end" },
  { "> 3", 0, "expected a column or a number, found “>”" },
  { "rf_x < 3 rf_y < 2", 9, "expected “and”, “or” or the end, found “rf_y”" },
  { "rf_x < 3 and", 12, "found the end" },
  { "rf_x < 3 and rf_y", 17, "expected a comparison" },
  { "rf_x and rf_y < 3", 5, "expected a comparison (< <= > >= = !=), found “and”" },
  { "(rf_x < 3", 9, "expected “and”, “or” or “)”, found the end" },
  { "(rf_x + 3", 9, "expected an operator or “)”, found the end" },
  { "rf_x < 3)", 8, "expected “and”, “or” or the end, found “)”" },
  { "(rf_x < 3) + 2 > 1", 11, "expected “and”, “or” or the end, found “+”" },
  { "2 + (rf_x < 3) > 1", 4, "expected a column or a number, not a comparison, found “(”" },
  { "(rf_x < 3) < 2", 11, "expected “and”, “or” or the end, found “<”" },
  { "-(rf_x < 3)", 1, "not a comparison" },
  { "3 < not rf_x > 2", 4, "expected a column or a number, found “not”" },
  { "not rf_x", 8, "expected a comparison" },
  { "not", 3, "found the end" },
  { "()", 1, "expected a column or a number, found “)”" },
  { "rf_x = = 3", 7, "found “=”" },
  { "rf_x < 0,3", 8, "expected “and”, “or” or the end, found “,”" },
  { "rf_x < 3 ; rf_y", 9, "found “;”" },
  { "reliabilty > 0.3", 0, "there is no column “reliabilty”; the nearest name is “reliability”" },
  { "rf_x < 3 and rfx > 2", 13, "the nearest name is “rf_x”" },
  { "orientatoin < 3", 0, "the nearest name is “orientation”" },
  { "explainable > 0", 0, "the nearest name is “explainable_variance”" },
  { "meanresponseofneuron > 0", 0, "expected a column or a number, found “meanresponseofneuron”" },
  { "a_very_long_word_that_would_fill_the_whole_sentence > 2", 0, "found “a_very_long_word_that_wo…”" },
  { "rf_x < 1e999", 7, "a number that is not so large, found “1e999”" },
  { "rf_x < nan", 7, "found “nan”" },
  { "rf_x < 0x10", 8, "expected “and”, “or” or the end, found “x10”" },
  { "rf_x ≥ 1 ünd", 9, "found “ü”" },
  { "rf_x < 1 \xff\xfe", 9, "found “\xef\xbf\xbd”" },
  { "rf_x < 1 \001", 9, "found “?”" },
};

static void
test_refusals(void)
{
  for (guint k = 0; k < G_N_ELEMENTS(refusals); k++) {
    g_autoptr(GError) error = NULL;
    int position = -1;
    g_assert_null(pct_neuron_filter_new(refusals[k].text, NULL, &position, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, refusals[k].says));
    g_assert_cmpint(position, ==, refusals[k].position);
    g_autofree char *at = g_strdup_printf("At character %d: ", refusals[k].position + 1);
    g_assert_true(g_str_has_prefix(error->message, at));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
  }
}

static char *
repeat(const char *before, const char *middle, const char *after, int n)
{
  GString *text = g_string_new(NULL);
  for (int i = 0; i < n; i++)
    g_string_append(text, before);
  g_string_append(text, middle);
  for (int i = 0; i < n; i++)
    g_string_append(text, after);
  return g_string_free(text, FALSE);
}

static void
test_bounds(void)
{
  static const struct {
    const char *before, *middle, *after;
    int most;
  } deep[] = {
    { "(", "rf_x > 1", ")", PCT_FILTER_DEEPEST },
    { "not ", "rf_x > 1", "", PCT_FILTER_DEEPEST },
    { "-", "rf_x > 1", "", PCT_FILTER_DEEPEST },
    { "1 + 2 * (", "rf_x", ")", PCT_FILTER_DEEPEST },
  };
  for (guint k = 0; k < G_N_ELEMENTS(deep); k++)
    for (int more = 0; more <= 1; more++) {
      g_autofree char *part = repeat(deep[k].before, deep[k].middle, deep[k].after, deep[k].most + more);
      g_autofree char *text = strchr(part, '>') ? g_strdup(part) : g_strconcat(part, " > 1", NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(PctNeuronFilter) filter = pct_neuron_filter_new(text, NULL, NULL, &error);
      g_assert_true(!filter == (more == 1));
      guint8 pass[N];
      if (filter)
        pct_neuron_filter_evaluate(filter, columns, N, pass);
      else
        g_assert_nonnull(strstr(error->message, "more than 64"));
    }
  // As long as may be, and not deep: a chain and a row.
  g_autofree char *chain = repeat("", "rf_x", " >= rf_x", 400), *row = repeat("rf_x>1 or ", "rf_x > 1", "", 400);
  g_autofree char *too_long = repeat(" ", "", "", PCT_FILTER_LONGEST + 1);
  g_autoptr(PctNeuronFilter) of_chain = pct_neuron_filter_new(chain, NULL, NULL, NULL);
  g_autoptr(PctNeuronFilter) of_row = pct_neuron_filter_new(row, NULL, NULL, NULL);
  guint8 pass[N];
  pct_neuron_filter_evaluate(of_chain, columns, N, pass);
  for (int i = 0; i < N; i++)
    g_assert_cmpint(pass[i], ==, !isnan(neurons[i].x));
  pct_neuron_filter_evaluate(of_row, columns, N, pass);
  for (int i = 0; i < N; i++)
    g_assert_cmpint(pass[i], ==, neurons[i].x > 1);
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_neuron_filter_new(too_long, NULL, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
}

static void
test_columns(void)
{
  g_autoptr(PctNeuronFilter) filter = pct_neuron_filter_new("rf_x > 1 and not oracle < rf_x + z", NULL, NULL, NULL);
  g_assert_cmpuint(pct_neuron_filter_get_columns(filter), ==,
                   PCT_COLUMN_BIT(PCT_COLUMN_RF_X) | PCT_COLUMN_BIT(PCT_COLUMN_RELIABILITY) |
                     PCT_COLUMN_BIT(PCT_COLUMN_Z));
  for (guint i = 0; i < PCT_N_COLUMNS; i++) {
    const char *name = pct_column_get_name(i);
    PctNeuronColumn found;
    g_assert_true(pct_column_from_name(name, &found));
    g_assert_cmpint(found, ==, i);
    // Every name can be written in a filter, and a slip in its last letter leads back to it.
    static const char *const areas[] = { "1", NULL };
    g_autoptr(PctNeuronLabels) labels = pct_neuron_labels_new((char *const *)areas, (char *const *)areas);
    g_autofree char *text = g_strconcat(name, pct_column_is_text(i) ? " = '1'" : " > 1", NULL);
    g_autoptr(PctNeuronFilter) one = pct_neuron_filter_new(text, labels, NULL, NULL);
    g_assert_cmpuint(pct_neuron_filter_get_columns(one), ==, PCT_COLUMN_BIT(i));
    g_autofree char *slip = g_strconcat(name, "q", NULL);
    if (strlen(name) > 1)
      g_assert_cmpint(pct_column_find_nearest(slip), ==, i);
    g_assert_cmpstr(pct_column_get_title(i), !=, "");
    g_assert_true(g_str_has_suffix(pct_column_get_help(i), "."));
  }
  g_assert_cmpint(pct_column_find_nearest(""), ==, -1);
  g_assert_cmpint(pct_column_find_nearest("cortexdepth"), ==, -1);
  static const struct {
    PctNeuronColumn column;
    double value;
    const char *text;
  } shown[] = { { PCT_COLUMN_RELIABILITY, 0.618, "0.62" }, { PCT_COLUMN_RELIABILITY, -0.001, "0.00" },
                { PCT_COLUMN_X, -88.4, "−88" },            { PCT_COLUMN_Y, -0.256, "−0.26" },
                { PCT_COLUMN_GABOR_KIND, 1, "energy" },
                { PCT_COLUMN_GABOR_KIND, 0, "simple" },    { PCT_COLUMN_FEVE, NAN, "–" },
                { PCT_COLUMN_UNIT_ID, 123456789, "123456789" } };
  for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
    g_autofree char *text = pct_column_format(shown[i].column, shown[i].value);
    g_assert_cmpstr(text, ==, shown[i].text);
  }
}

// Areas and layers are compared as they are spelled; who is in no area is in none of them and outside of none.
static void
test_texts(void)
{
  static const char *const areas[] = { "V1", "LM", "", "V1", "A 1", NULL }, *const layers[] = { "", "", "", "", "", NULL };
  static const double depths[] = { 100, 250, 300, 300, NAN };
  g_autoptr(PctNeuronLabels) labels = pct_neuron_labels_new((char *const *)areas, (char *const *)layers);
  const double *by_column[PCT_N_COLUMNS] = {
    [PCT_COLUMN_AREA] = pct_neuron_labels_get_values(labels, PCT_COLUMN_AREA),
    [PCT_COLUMN_DEPTH] = depths,
  };
  const struct {
    const char *text;
    guint8 pass[5];
  } cases[] = {
    { "area = \"V1\"", { 1, 0, 0, 1, 0 } },
    { "area == 'V1' and depth > 200", { 0, 0, 0, 1, 0 } },
    { "area = V1 and depth > 200", { 0, 0, 0, 1, 0 } },
    { "AREA != \"V1\"", { 0, 1, 0, 0, 1 } },
    { "not area = \"V1\"", { 0, 1, 1, 0, 1 } },
    { "(area = \"A 1\") or area = \"LM\" and depth < 300", { 0, 1, 0, 0, 1 } },
  };
  g_assert_cmpstr(pct_neuron_labels_get(labels, PCT_COLUMN_AREA)[2], ==, "V1");
  g_assert_null(pct_neuron_labels_get(labels, PCT_COLUMN_AREA)[3]);
  g_assert_null(pct_neuron_labels_get(labels, PCT_COLUMN_LAYER));
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PctNeuronFilter) filter = pct_neuron_filter_new(cases[i].text, labels, NULL, &error);
    g_assert_no_error(error);
    guint8 pass[5];
    pct_neuron_filter_evaluate(filter, by_column, 5, pass);
    g_assert_cmpmem(pass, 5, cases[i].pass, 5);
  }
  static const struct {
    const char *text;
    int position;
    const char *says;
  } refused[] = {
    { "area = \"v1\"", 7, "there is no area “\"v1\"”; there are “A 1”, “LM”, “V1”." },
    { "area = V7", 7, "there is no area “V7”" },
    { "area = \"V1", 7, "expected a name, in quotation marks if it has blanks, found “\"”" },
    { "area < \"V1\"", 5, "expected = or !=, and a name" },
    { "area", 4, "expected = or !=" },
    { "\"V1\" = area", 0, "expected a column or a number, found “\"V1\"”" },
    { "area = \"V1\" = \"V1\"", 12, "expected “and”, “or” or the end" },
    { "1 + area = \"V1\"", 4, "not a comparison" },
    { "layer = \"L4\"", 0, "the recording does not say the layer of its neurons" },
    { "depth = \"deep\"", 8, "expected a column or a number" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
    g_autoptr(GError) error = NULL;
    int position;
    g_assert_null(pct_neuron_filter_new(refused[i].text, labels, &position, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
    g_assert_cmpint(position, ==, refused[i].position);
    g_assert_nonnull(strstr(error->message, refused[i].says));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  fill();
  g_test_add_func("/work/neuron-filter/meanings", test_meanings);
  g_test_add_func("/work/neuron-filter/refusals", test_refusals);
  g_test_add_func("/work/neuron-filter/bounds", test_bounds);
  g_test_add_func("/work/neuron-filter/columns", test_columns);
  g_test_add_func("/work/neuron-filter/texts", test_texts);
  return g_test_run();
}
