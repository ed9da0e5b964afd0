// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "drop-down.h"

static gboolean
holds(GtkDropDown *list, const char *const *texts)
{
  GListModel *model = gtk_drop_down_get_model(list);
  guint n = g_strv_length((char **)texts);
  if (!GTK_IS_STRING_LIST(model) || g_list_model_get_n_items(model) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_str_equal(gtk_string_list_get_string(GTK_STRING_LIST(model), i), texts[i]))
      return FALSE;
  return TRUE;
}

void
pct_drop_down_show(GtkDropDown *list, const char *const *texts, guint chosen)
{
  if (!holds(list, texts)) {
    g_autoptr(GtkStringList) model = gtk_string_list_new(texts);
    gtk_drop_down_set_model(list, G_LIST_MODEL(model));
  }
  if (chosen != GTK_INVALID_LIST_POSITION && gtk_drop_down_get_selected(list) != chosen)
    gtk_drop_down_set_selected(list, chosen);
}
