// SPDX-License-Identifier: GPL-3.0-or-later
// Options by table: what is taken, what is refused, and that text comes back as it went.
#include <string.h>
#include "base/error.h"
#include "base/options.h"

static const char *const shapes[] = { "round", "square", NULL };
static const PctOption options[] = {
  { .name = "epochs", .type = PCT_OPTION_INTEGER, .minimum = 1, .maximum = 1000 },
  { .name = "rate", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1 },
  { .name = "deep", .type = PCT_OPTION_BOOLEAN },
  { .name = "shape", .type = PCT_OPTION_CHOICE, .choices = shapes },
};
static const double small_values[] = { 10, 0.1, 0, 1 }, large_values[] = { 500, 0.001, 1, 0 };
static const PctPreset presets[] = { { "small", "Small", small_values }, { "large", "Large", large_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };

static void
test_defaults_and_presets(void)
{
  g_autoptr(PctOptionValues) values = pct_option_values_new(&table);
  g_autoptr(GError) error = NULL;
  g_assert_cmpfloat(pct_option_values_get(values, "epochs"), ==, 10);
  g_assert_cmpfloat(pct_option_values_get(values, "shape"), ==, 1);
  g_autoptr(PctOptionValues) copy = pct_option_values_copy(values);
  g_assert_true(pct_option_values_parse(values, "preset=large", &error));
  g_assert_no_error(error);
  for (guint i = 0; i < table.n_options; i++)
    g_assert_cmpfloat(pct_option_values_get(values, options[i].name), ==, large_values[i]);
  g_assert_cmpfloat(pct_option_values_get(copy, "epochs"), ==, 10);
  g_assert_false(pct_option_values_parse(values, "preset=vast", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_assert_nonnull(strstr(error->message, "small, large"));
}

static void
test_refusals(void)
{
  static const struct {
    const char *text;
    PctError code;
  } cases[] = {
    { "epoch=3", PCT_ERROR_UNSUPPORTED }, { "=3", PCT_ERROR_FORMAT },         { "epochs", PCT_ERROR_FORMAT },
    { "epochs=", PCT_ERROR_FORMAT },      { "epochs=0", PCT_ERROR_FORMAT },   { "epochs=1001", PCT_ERROR_FORMAT },
    { "epochs=2.5", PCT_ERROR_FORMAT },   { "epochs=3x", PCT_ERROR_FORMAT },  { "epochs= 3", PCT_ERROR_FORMAT },
    { "epochs=0x10", PCT_ERROR_FORMAT },  { "rate=nan", PCT_ERROR_FORMAT },   { "rate=inf", PCT_ERROR_FORMAT },
    { "rate=-0.1", PCT_ERROR_FORMAT },    { "rate=1e999", PCT_ERROR_FORMAT }, { "rate=0,5", PCT_ERROR_FORMAT },
    { "deep=maybe", PCT_ERROR_FORMAT },   { "deep=1", PCT_ERROR_FORMAT },     { "shape=0", PCT_ERROR_FORMAT },
    { "shape=oval", PCT_ERROR_FORMAT },
  };
  g_autoptr(PctOptionValues) values = pct_option_values_new(&table);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_test_message("%s", cases[i].text);
    g_assert_false(pct_option_values_parse(values, cases[i].text, &error));
    g_assert_error(error, PCT_ERROR, (int)cases[i].code);
  }
  for (guint i = 0; i < table.n_options; i++)  // A refusal changes nothing.
    g_assert_cmpfloat(pct_option_values_get(values, options[i].name), ==, small_values[i]);
}

static void
test_numbers(void)
{
  g_autoptr(PctOptionValues) values = pct_option_values_new(&table);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_option_values_set_number(values, "shape", 0, &error));
  g_assert_true(pct_option_values_set_number(values, "deep", 1, &error));
  g_assert_no_error(error);
  g_assert_false(pct_option_values_set_number(values, "shape", 2, NULL));
  g_assert_false(pct_option_values_set_number(values, "shape", 0.5, NULL));
  g_assert_false(pct_option_values_set_number(values, "epochs", G_MAXDOUBLE, NULL));
  g_assert_false(pct_option_values_set_number(values, "none", 0, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
}

static void
test_round_trip(void)
{
  static const struct {
    const char *name;
    double value;
    const char *text;
  } cases[] = {
    { "epochs", 77, "77" },  { "rate", 0.1, "0.1" },      { "rate", 2e-4, "0.0002" }, { "rate", 1.0 / 3, NULL },
    { "rate", 1e-300, NULL }, { "deep", 1, "true" },      { "deep", 0, "false" },     { "shape", 1, "square" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(PctOptionValues) values = pct_option_values_new(&table);
    g_assert_true(pct_option_values_set_number(values, cases[i].name, cases[i].value, NULL));
    g_autofree char *text = pct_option_values_dup_text(values, cases[i].name);
    if (cases[i].text)
      g_assert_cmpstr(text, ==, cases[i].text);
    g_autoptr(PctOptionValues) again = pct_option_values_new(&table);
    g_assert_true(pct_option_values_set(again, cases[i].name, text, NULL));
    g_assert_cmpfloat(pct_option_values_get(again, cases[i].name), ==, cases[i].value);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/options/defaults-and-presets", test_defaults_and_presets);
  g_test_add_func("/options/refusals", test_refusals);
  g_test_add_func("/options/numbers", test_numbers);
  g_test_add_func("/options/round-trip", test_round_trip);
  return g_test_run();
}
