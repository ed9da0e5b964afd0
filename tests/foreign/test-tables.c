// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "damage.h"
#include "foreign/table.h"
#include "samples.h"

static void
test_columns(void)
{
  g_autoptr(GPtrArray) sources = open_sample("trials.csv");
  PctArraySource *source = sources->pdata[0];
  g_assert_cmpstr(source->format, ==, "table");
  COUNTED(source, "onset", .5, PCT_NPY_FLOAT, 8, 4);
  COUNTED(source, "image", 0, PCT_NPY_FLOAT, 8, 4);
  check_texts(source, "condition", "b, \"quoted\"|a|b, \"quoted\"|a");
  g_autoptr(PctNpyArray) note = READ(source, "note", 4);
  g_assert_true(isnan(((double *)note->data)[3]));
  g_assert_cmpint(find_array(source, ""), ==, -1);
}

static void
test_numbers(void)
{
  g_autoptr(GPtrArray) sources = open_sample("numbers.csv");
  g_assert_cmpuint(((PctArraySource *)sources->pdata[0])->arrays->len, ==, 1);
  g_autoptr(PctNpyArray) all = READ((PctArraySource *)sources->pdata[0], "", 3, 3);
  const double *values = all->data;
  g_assert_cmpfloat(values[3], ==, 4.5);
  g_assert_true(isnan(values[4]) && isnan(values[5]));
  g_assert_cmpfloat(values[6], ==, -700);
}

static void
test_decimal_commas(void)
{
  g_autoptr(GPtrArray) sources = open_sample("german.csv");
  g_autoptr(PctNpyArray) onset = READ((PctArraySource *)sources->pdata[0], "onset", 2);
  g_assert_cmpfloat(((double *)onset->data)[0], ==, .5);
  g_assert_cmpfloat(((double *)onset->data)[1], ==, 1.25);
  COUNTED(sources->pdata[0], "image", 1, PCT_NPY_FLOAT, 8, 2);
}

static void
test_tabs(void)
{
  g_autoptr(GPtrArray) sources = open_sample("tabs.tsv");
  COUNTED(sources->pdata[0], "onset", 1, PCT_NPY_FLOAT, 8, 2);
  check_texts(sources->pdata[0], "name", "first|second café");
}

// kinds: a letter a column, f(loat), b(ool), t(ext); header: names by '|', or NULL.
static const struct {
  const char *text;
  gsize n_rows;
  const char *kinds, *header;
} forms[] = {
  { "1", 1, "f", NULL },
  { "1\n2\r\n3\r4", 4, "f", NULL },
  { "a\n1\n\n\n2\n", 2, "f", "a" },
  { "a,b\nx,True\ny,false\n", 2, "tb", "a|b" },
  { "a,b\n1,True\n2,\n", 2, "ft", "a|b" },
  { "1,x\n2,y\n", 2, "ft", NULL },
  { "a;b\n1,5;x,y\n", 1, "ft", "a|b" },
  { "a,b\n1;2,3\n", 1, "tf", "a|b" },
  { "\"a,\nb\",c\n\"1\",2\n", 1, "tf", "a,\nb|c" },
  { "a,b\n0x10,nano\ninf,1e5\n", 2, "tt", "a|b" },
  { "a,b\n-inf,+.5E-3\n", 1, "ff", "a|b" },
  { ",onset\n0,1.5\n1,2.5\n", 2, "ff", "|onset" },
  { "a , b\n 1 , 2 \n", 1, "ff", "a|b" },
};

static void
test_forms(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *exact = g_memdup2(forms[i].text, strlen(forms[i].text));
    g_autoptr(PctTable) table = pct_table_parse(exact, strlen(forms[i].text), "t", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(table->n_rows, ==, forms[i].n_rows);
    g_assert_cmpuint(table->n_columns, ==, strlen(forms[i].kinds));
    g_autoptr(GString) kinds = g_string_new(NULL), header = g_string_new(NULL);
    for (gsize c = 0; c < table->n_columns; c++) {
      PctNpyKind kind = table->columns[c].kind;
      g_string_append_c(kinds, kind == PCT_NPY_FLOAT ? 'f' : kind == PCT_NPY_BOOL ? 'b' : 't');
      g_string_append_printf(header, "%s%s", c ? "|" : "", table->columns[c].name);
      g_assert_true(!table->columns[c].name == !forms[i].header);
    }
    g_assert_cmpstr(kinds->str, ==, forms[i].kinds);
    if (forms[i].header)
      g_assert_cmpstr(header->str, ==, forms[i].header);
  }
}

static void
test_refused(void)
{
  refuse_sample("short.csv", PCT_ERROR_FORMAT, "line 3 has 2 cells");
  static const char *const texts[] = { "a,b\n", "a,b\n1,2,3\n", "a,b\n1\n", "\n\n", "\"open\n1,2\n3,4\n" };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_table_parse(texts[i], strlen(texts[i]), "t", &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  }
}

static void
test_damaged(void)
{
  check_damaged("trials.csv", 400, FALSE);
  check_damaged("german.csv", 200, FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tables/columns", test_columns);
  g_test_add_func("/tables/numbers", test_numbers);
  g_test_add_func("/tables/decimal-commas", test_decimal_commas);
  g_test_add_func("/tables/tabs", test_tabs);
  g_test_add_func("/tables/forms", test_forms);
  g_test_add_func("/tables/refused", test_refused);
  g_test_add_func("/tables/damaged", test_damaged);
  return g_test_run();
}
