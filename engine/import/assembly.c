// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "import/assembly.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

void
pct_assembly_clear(PctAssembly *assembly)
{
  g_free(assembly->rows_from);
  g_free(assembly->image);
  g_strfreev(assembly->image_names);
  g_free(assembly->onset);
  g_free(assembly->offset);
  g_free(assembly->neurons);
  g_free(assembly->responses);
  g_free(assembly->half);
}

void
pct_assembly_take_remark(PctAssembly *assembly, char *text)
{
  g_ptr_array_add(assembly->remarks, text);
}

gboolean
pct_assembly_match_rows(PctAssembly *assembly, int n, const char *from, GError **error)
{
  if (assembly->n_rows == 0) {
    assembly->n_rows = n;
    assembly->rows_from = g_strdup(from);
    return TRUE;
  }
  if (assembly->n_rows == n)
    return TRUE;
  g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
              _("“%s” has %d trials and “%s” has %d; expected the same trials in both, in the same order."),
              assembly->rows_from, assembly->n_rows, from, n);
  return FALSE;
}

gboolean
pct_assembly_setting_is(const PctAssembly *assembly, const char *setting, const char *choice)
{
  g_autofree char *text = pct_option_values_dup_text(assembly->plan->settings, setting);
  return g_str_equal(text, choice);
}

gboolean
pct_assembly_open(const PctAssembly *assembly, PctImportRole role, PctRoleArray *out, GError **error)
{
  return pct_role_array_open(out, assembly->catalogue, assembly->plan, role, error);
}

int
pct_assembly_count_kept(const PctAssembly *assembly)
{
  int n = 0;
  for (int i = 0; i < assembly->n_rows; i++)
    n += assembly->image[i] >= 0;
  return n;
}
