// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/remark-list.h"
#include <glib/gi18n.h>

static GtkWidget *
make_label(const char *text, gboolean dim)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  if (dim) {
    gtk_widget_add_css_class(label, "dim-label");
    gtk_widget_add_css_class(label, "small");
  }
  return label;
}

static GtkWidget *
make_row(const char *icon, const char *meaning, const char *colour, const char *sentence, const char *advice)
{
  GtkWidget *image = gtk_image_new_from_icon_name(icon), *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
  gtk_widget_set_valign(image, GTK_ALIGN_START);
  gtk_widget_set_margin_top(image, 1);
  gtk_widget_add_css_class(image, colour);
  gtk_widget_set_tooltip_text(image, meaning);
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL, meaning, -1);
  gtk_widget_set_hexpand(words, TRUE);
  gtk_box_append(GTK_BOX(words), make_label(sentence, FALSE));
  if (advice)
    gtk_box_append(GTK_BOX(words), make_label(advice, TRUE));
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10), *row = gtk_list_box_row_new();
  gtk_box_append(GTK_BOX(line), image);
  gtk_box_append(GTK_BOX(line), words);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), line);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
  g_autofree char *said = g_strdup_printf("%s: %s %s", meaning, sentence, advice ? advice : "");
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  return row;
}

GtkWidget *
pct_remark_list_new(const GPtrArray *remarks)
{
  GtkWidget *list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "remarks");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What is odd about the "
                                                                                        "recording"),
                                 -1);
  for (guint i = 0; i < remarks->len; i++) {
    const PctRemark *remark = remarks->pdata[i];
    gtk_list_box_append(GTK_LIST_BOX(list),
                        remark->grave ? make_row("dialog-warning-symbolic", _("Warning"), "warning", remark->sentence,
                                                 remark->advice)
                                      : make_row("dialog-information-symbolic", _("Good to know"), "dim-label",
                                                 remark->sentence, remark->advice));
  }
  if (remarks->len == 0)
    gtk_list_box_append(GTK_LIST_BOX(list),
                        make_row("object-select-symbolic", _("All is well"), "success",
                                 _("Nothing is odd about this recording: no leaks between tiers, no silent neurons, "
                                   "no drift."),
                                 NULL));
  return list;
}
