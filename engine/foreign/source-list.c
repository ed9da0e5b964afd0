// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "foreign/source-list.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"

typedef struct {
  char *reason, *first;
  guint n;
} LeftOut;

static void
left_out_free(gpointer data)
{
  LeftOut *left_out = data;
  g_free(left_out->reason);
  g_free(left_out->first);
  g_free(left_out);
}

void
pct_source_list_init(PctSourceList *list, PctArraySource *source)
{
  *list = (PctSourceList){ source, g_hash_table_new(g_str_hash, g_str_equal),
                           g_ptr_array_new_with_free_func(left_out_free) };
}

void
pct_source_list_clear(PctSourceList *list)
{
  g_clear_pointer(&list->names, g_hash_table_unref);
  g_clear_pointer(&list->reasons, g_ptr_array_unref);
}

gboolean
pct_source_list_add_take(PctSourceList *list, PctForeignArray *array)
{
  g_autoptr(PctForeignArray) owned = array;
  if (list->source->arrays->len >= PCT_MOST_ARRAYS) {
    pct_source_list_leave_out(list, array->name, _("there are too many arrays"));
    return FALSE;
  }
  if (g_hash_table_contains(list->names, array->name)) {
    pct_source_list_leave_out(list, array->name, _("its name occurs twice"));
    return FALSE;
  }
  g_hash_table_add(list->names, array->name);
  g_ptr_array_add(list->source->arrays, g_steal_pointer(&owned));
  return TRUE;
}

void
pct_source_list_leave_out(PctSourceList *list, const char *name, const char *reason)
{
  for (guint i = 0; i < list->reasons->len; i++) {
    LeftOut *known = list->reasons->pdata[i];
    if (g_str_equal(known->reason, reason)) {
      known->n++;
      return;
    }
  }
  LeftOut *left_out = g_new0(LeftOut, 1);
  *left_out = (LeftOut){ g_strdup(reason), g_utf8_make_valid(name, -1), 1 };
  g_ptr_array_add(list->reasons, left_out);
}

gboolean
pct_source_list_finish(PctSourceList *list, GError **error)
{
  PctArraySource *source = list->source;
  for (guint i = 0; i < list->reasons->len; i++) {
    const LeftOut *left_out = list->reasons->pdata[i];
    g_autofree char *name = *left_out->first ? g_strconcat(source->shown, "/", left_out->first, NULL)
                                             : g_strdup(source->shown);
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    g_ptr_array_add(source->remarks,
                    left_out->n == 1
                        ? g_strdup_printf(_("“%s” is left out: %s."), valid, left_out->reason)
                        : g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "“%s” and %u other are left out: %s.",
                                                      "“%s” and %u others are left out: %s.", left_out->n - 1),
                                          valid, left_out->n - 1, left_out->reason));
  }
  if (source->arrays->len > 0)
    return TRUE;
  if (source->remarks->len > 0)
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, source->remarks->pdata[0]);
  else
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("“%s” holds no array of numbers or text."), source->shown);
  return FALSE;
}
