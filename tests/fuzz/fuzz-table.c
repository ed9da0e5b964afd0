// SPDX-License-Identifier: GPL-3.0-or-later
// Arbitrary bytes as a table of text: every row has its cells, every column its kind, or one sentence says what is wrong.
#include <string.h>
#include "base/error.h"
#include "foreign/table.h"
#include "target.h"

int
LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctTable) table = pct_table_parse((const char *)bytes, n, "input", &error);
  g_assert_true(!table == !!error);
  if (!table) {
    g_assert_true(error->domain == PCT_ERROR && g_str_has_suffix(error->message, "."));
    return 0;
  }
  g_assert_true(table->n_rows > 0 && table->n_columns > 0);
  // A cell takes a byte, or a separator or an end of line.
  g_assert_true(table->n_rows * table->n_columns <= n + 1);
  for (gsize c = 0; c < table->n_columns; c++) {
    const PctTableColumn *column = table->columns + c;
    g_assert_true(!column->numbers != !column->texts);
    g_assert_true((column->kind == PCT_NPY_UNICODE) == !!column->texts);
    for (gsize i = 0; column->texts && i < table->n_rows; i++)
      g_assert_true(g_utf8_validate(column->texts[i], -1, NULL));
    if (column->kind == PCT_NPY_BOOL)
      for (gsize i = 0; i < table->n_rows; i++)
        g_assert_true(column->numbers[i] == 0 || column->numbers[i] == 1);
  }
  return 0;
}
