// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/training-form.h"
#include "train/option-rows.h"
#include "train/source-rows.h"
#include "work/command-line.h"

struct _PctTrainingForm {
  GtkWidget parent_instance;
  PctProject *project;
  PctKind *kind;
  GtkWidget *box, *options, *sources;
};

G_DEFINE_FINAL_TYPE(PctTrainingForm, pct_training_form, GTK_TYPE_WIDGET)

static guint changed_signal;

void
pct_training_form_update(PctTrainingForm *self)
{
  g_return_if_fail(PCT_IS_TRAINING_FORM(self));
  pct_source_rows_update(PCT_SOURCE_ROWS(self->sources), pct_option_rows_get_values(PCT_OPTION_ROWS(self->options)));
}

static void
option_changed(PctTrainingForm *self)
{
  pct_training_form_update(self);
  g_signal_emit(self, changed_signal, 0);
}

const char *
pct_training_form_get_problem(PctTrainingForm *self)
{
  g_return_val_if_fail(PCT_IS_TRAINING_FORM(self), NULL);
  return pct_source_rows_get_problem(PCT_SOURCE_ROWS(self->sources));
}

PctJob *
pct_training_form_train(PctTrainingForm *self, PctModel *resume, GError **error)
{
  g_return_val_if_fail(PCT_IS_TRAINING_FORM(self), NULL);
  PctOptionRows *options = PCT_OPTION_ROWS(self->options);
  pct_option_rows_commit(options);
  PctTrainingSources sources = pct_source_rows_get_sources(PCT_SOURCE_ROWS(self->sources));
  return pct_project_train_with(self->project, self->kind, pct_option_rows_get_values(options),
                                pct_option_rows_get_seed(options), resume != NULL ? NULL : &sources, resume, error);
}

char *
pct_training_form_dup_command(PctTrainingForm *self)
{
  g_return_val_if_fail(PCT_IS_TRAINING_FORM(self), NULL);
  PctOptionRows *rows = PCT_OPTION_ROWS(self->options);
  pct_option_rows_commit(rows);
  const PctOptionValues *values = pct_option_rows_get_values(rows);
  g_autoptr(PctOptionValues) usual = pct_option_values_new(values->table);
  PctTrainingSources sources = pct_source_rows_get_sources(PCT_SOURCE_ROWS(self->sources));
  PctCommandLine *line = pct_command_line_new("train");
  pct_command_line_add(line, pct_kind_get_name(self->kind), NULL);
  pct_command_line_add_recording(line, "-r", self->project);
  pct_command_line_add(line, "-w", pct_project_get_workspace(self->project), NULL);
  if (sources.encoder)
    pct_command_line_add_model(line, "-e", sources.encoder);
  if (sources.meis)
    pct_command_line_add_model(line, "--meis", sources.meis);
  if (sources.photographs)
    pct_command_line_add(line, "--photographs", sources.photographs, NULL);
  // What is as usual goes without saying.
  for (guint i = 0; i < values->table->n_options; i++)
    if (values->values[i] != usual->values[i]) {
      const char *name = values->table->options[i].name;
      g_autofree char *text = pct_option_values_dup_text(values, name), *setting = g_strdup_printf("%s=%s", name, text);
      pct_command_line_add(line, "--set", setting, NULL);
    }
  g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, pct_option_rows_get_seed(rows));
  pct_command_line_add(line, "--seed", seed, NULL);
  return pct_command_line_free(line);
}

static void
pct_training_form_dispose(GObject *object)
{
  PctTrainingForm *self = PCT_TRAINING_FORM(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->project);
  g_clear_object(&self->kind);
  G_OBJECT_CLASS(pct_training_form_parent_class)->dispose(object);
}

static void
pct_training_form_class_init(PctTrainingFormClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_training_form_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  changed_signal = g_signal_new("changed", PCT_TYPE_TRAINING_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_training_form_init(PctTrainingForm *self)
{
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *
pct_training_form_new(PctProject *project, PctKind *kind)
{
  PctTrainingForm *self = g_object_new(PCT_TYPE_TRAINING_FORM, NULL);
  self->project = g_object_ref(project);
  self->kind = g_object_ref(kind);
  self->options = pct_option_rows_new(pct_kind_get_options(kind));
  self->sources = pct_source_rows_new(project, kind);
  gtk_box_append(GTK_BOX(self->box), self->options);
  // What a model is always made with comes first. Rows that come and go with an option come below it, so that a second
  // click on its “+” still meets it.
  gtk_box_insert_child_after(GTK_BOX(self->box), self->sources, pct_kind_needs_by_options(kind) ? self->options : NULL);
  g_signal_connect_object(self->options, "changed", G_CALLBACK(option_changed), self, G_CONNECT_SWAPPED);
  pct_training_form_update(self);
  return GTK_WIDGET(self);
}
