// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/run-row.h"
#include <glib/gi18n.h>
#include <math.h>

struct _PctRunRow {
  GtkListBoxRow parent_instance;
  PctModel *model;
  GtkWidget *name, *note, *score;
};

G_DEFINE_FINAL_TYPE(PctRunRow, pct_run_row, GTK_TYPE_LIST_BOX_ROW)

char *
pct_format_seconds(double seconds)
{
  if (seconds < 10)
    return g_strdup_printf(_("%.1f s"), seconds);
  if (seconds < 60)
    return g_strdup_printf(_("%.0f s"), seconds);
  if (seconds < 3600)
    return g_strdup_printf(_("%d min %d s"), (int)seconds / 60, (int)seconds % 60);
  return g_strdup_printf(_("%d h %d min"), (int)seconds / 3600, (int)seconds / 60 % 60);
}

PctModel *
pct_run_row_get_model(PctRunRow *self)
{
  g_return_val_if_fail(PCT_IS_RUN_ROW(self), NULL);
  return self->model;
}

static char *
describe(PctModel *model)
{
  const char *state = "";
  switch (pct_model_get_state(model)) {
  case PCT_MODEL_TRAINING:
    state = _("training");
    break;
  case PCT_MODEL_UNFINISHED:
    state = _("stopped, can be resumed");
    break;
  case PCT_MODEL_FINISHED:
    state = pct_model_is_shipped(model) ? _("came with Percept") : _("finished");
    break;
  case PCT_MODEL_BROKEN:
    return g_strdup(pct_model_get_problem(model));
  }
  GString *text = g_string_new(state);
  if (pct_model_get_seconds(model) > 0) {
    g_autofree char *seconds = pct_format_seconds(pct_model_get_seconds(model));
    g_string_append_printf(text, " · %s", seconds);
  }
  g_autoptr(GDateTime) created =
    pct_model_get_created(model) != NULL ? g_date_time_new_from_iso8601(pct_model_get_created(model), NULL) : NULL;
  if (created != NULL) {
    g_autoptr(GDateTime) local = g_date_time_to_local(created);
    g_autofree char *when = g_date_time_format(local, "%x %H:%M");
    g_string_append_printf(text, " · %s", when);
  }
  const char *sources[] = { pct_model_get_encoder_name(model), pct_model_get_meis_name(model),
                            pct_model_get_photographs(model) };
  g_autoptr(GString) made_with = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
    if (sources[i] != NULL) {
      // Of a path, its end says enough.
      g_autofree char *shown = g_filename_display_basename(sources[i]);
      g_string_append_printf(made_with, "%s%s", made_with->len > 0 ? ", " : "", shown);
    }
  if (made_with->len > 0) {
    // Translators: %s are names of models, as in “made with gaussian-1, mei-2”.
    g_string_append(text, " · ");
    g_string_append_printf(text, _("made with %s"), made_with->str);
  }
  if (pct_model_get_trials(model) != NULL) {
    g_string_append(text, " · ");
    // Translators: %s is a condition, as in “on trials with speed < 1”.
    g_string_append_printf(text, _("on trials with %s"), pct_model_get_trials(model));
  }
  return g_string_free(text, FALSE);
}

static void
show_model(PctRunRow *self)
{
  g_autofree char *note = describe(self->model);
  double validation = pct_model_get_validation(self->model);
  g_autofree char *score = isfinite(validation) ? g_strdup_printf("%.3f", validation) : g_strdup("–");

  gtk_label_set_label(GTK_LABEL(self->name), pct_model_get_name(self->model));
  gtk_label_set_label(GTK_LABEL(self->note), note);
  gtk_label_set_label(GTK_LABEL(self->score), score);
  gtk_widget_set_tooltip_text(self->score, pct_model_get_role(self->model) == PCT_ROLE_ENCODER
                                             ? _("Correlation with single trials of the validation tier")
                                             : _("PixCorr on single trials of the validation tier"));
}

static void
pct_run_row_dispose(GObject *object)
{
  PctRunRow *self = PCT_RUN_ROW(object);
  g_clear_object(&self->model);
  G_OBJECT_CLASS(pct_run_row_parent_class)->dispose(object);
}

static void
pct_run_row_class_init(PctRunRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_run_row_dispose;
}

static void
pct_run_row_init(PctRunRow *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);

  self->name = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, NULL);
  self->note = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, NULL);
  gtk_widget_add_css_class(self->note, "dim-label");
  gtk_widget_add_css_class(self->note, "small");
  self->score = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->score, "numeric");
  gtk_widget_set_hexpand(text, TRUE);
  gtk_box_append(GTK_BOX(text), self->name);
  gtk_box_append(GTK_BOX(text), self->note);
  gtk_box_append(GTK_BOX(box), text);
  gtk_box_append(GTK_BOX(box), self->score);
  gtk_widget_add_css_class(box, "fact");
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(self), box);
}

GtkWidget *
pct_run_row_new(PctModel *model)
{
  PctRunRow *self = g_object_new(PCT_TYPE_RUN_ROW, NULL);
  self->model = g_object_ref(model);
  g_signal_connect_object(model, "changed", G_CALLBACK(show_model), self, G_CONNECT_SWAPPED);
  show_model(self);
  return GTK_WIDGET(self);
}
