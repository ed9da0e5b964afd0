// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/kind-row.h"
#include <glib/gi18n.h>
#include <math.h>

struct _PctKindRow {
  GtkListBoxRow parent_instance;
  PctProject *project;
  PctKind *kind;
  GtkWidget *dot, *name, *state;
};

G_DEFINE_FINAL_TYPE(PctKindRow, pct_kind_row, GTK_TYPE_LIST_BOX_ROW)

PctKind *
pct_kind_row_get_kind(PctKindRow *self)
{
  g_return_val_if_fail(PCT_IS_KIND_ROW(self), NULL);
  return self->kind;
}

void
pct_kind_row_update(PctKindRow *self)
{
  g_return_if_fail(PCT_IS_KIND_ROW(self));
  GListModel *models = pct_project_get_models(self->project);
  double best = NAN;
  gboolean trained = FALSE, unfinished = FALSE;
  PctJob *job = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (g_strcmp0(pct_model_get_kind_name(model), pct_kind_get_name(self->kind)) != 0)
      continue;
    double score = pct_model_get_validation(model);
    trained = trained || pct_model_get_state(model) == PCT_MODEL_FINISHED;
    unfinished = unfinished || pct_model_get_state(model) == PCT_MODEL_UNFINISHED;
    if (pct_model_get_state(model) == PCT_MODEL_TRAINING)
      job = pct_model_get_job(model);
    if (pct_model_get_state(model) == PCT_MODEL_FINISHED && !(score <= best))
      best = score;
  }
  if (job != NULL && pct_job_get_state(job) == PCT_JOB_QUEUED)
    text = g_strdup(_("waiting"));
  else if (job != NULL && pct_job_get_progress(job) >= 0)
    text = g_strdup_printf("%.0f %%", 100 * pct_job_get_progress(job));
  else if (job != NULL)
    text = g_strdup(_("training"));
  else if (trained)
    text = isfinite(best) ? g_strdup_printf("%.3f", best) : g_strdup(_("trained"));
  else
    text = g_strdup(unfinished ? _("unfinished") : _("not trained"));
  gtk_label_set_label(GTK_LABEL(self->state), text);
  const char *classes[] = { "state-dot", job != NULL ? "running" : trained ? "trained" : NULL, NULL };
  gtk_widget_set_css_classes(self->dot, classes);
}

static void
pct_kind_row_dispose(GObject *object)
{
  PctKindRow *self = PCT_KIND_ROW(object);
  g_clear_object(&self->project);
  g_clear_object(&self->kind);
  G_OBJECT_CLASS(pct_kind_row_parent_class)->dispose(object);
}

static void
pct_kind_row_class_init(PctKindRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_kind_row_dispose;
}

static void
pct_kind_row_init(PctKindRow *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);

  self->dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_valign(self->dot, GTK_ALIGN_CENTER);
  self->name = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  self->state = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->state, "dim-label");
  gtk_widget_add_css_class(self->state, "small");
  gtk_widget_add_css_class(self->state, "numeric");
  gtk_box_append(GTK_BOX(box), self->dot);
  gtk_box_append(GTK_BOX(box), self->name);
  gtk_box_append(GTK_BOX(box), self->state);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(self), box);
}

GtkWidget *
pct_kind_row_new(PctProject *project, PctKind *kind)
{
  PctKindRow *self = g_object_new(PCT_TYPE_KIND_ROW, NULL);
  self->project = g_object_ref(project);
  self->kind = g_object_ref(kind);
  gtk_label_set_label(GTK_LABEL(self->name), pct_kind_get_title(kind));
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), pct_kind_get_name(kind));
  pct_kind_row_update(self);
  return GTK_WIDGET(self);
}

static gboolean
is_decoder(GtkListBoxRow *row)
{
  return pct_kind_get_role(pct_kind_row_get_kind(PCT_KIND_ROW(row))) == PCT_ROLE_DECODER;
}

void
pct_kind_row_update_header(GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  gboolean decoder = is_decoder(row);
  if (before != NULL && is_decoder(before) == decoder) {
    gtk_list_box_row_set_header(row, NULL);
    return;
  }
  if (gtk_list_box_row_get_header(row) != NULL)
    return;
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new(decoder ? _("Decoders") : _("Encoders"));
  GtkWidget *measure = gtk_label_new(decoder ? _("validation PixCorr") : _("validation correlation"));
  gtk_widget_add_css_class(title, "heading");
  gtk_widget_add_css_class(measure, "dim-label");
  gtk_widget_add_css_class(measure, "small");
  gtk_widget_set_margin_start(box, 16);
  gtk_widget_set_margin_bottom(box, 6);
  gtk_widget_set_margin_top(box, before != NULL ? 18 : 0);
  gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), measure);
  gtk_list_box_row_set_header(row, box);
}
