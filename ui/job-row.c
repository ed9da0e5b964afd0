// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "job-row.h"
#include <glib/gi18n.h>

struct _PctJobRow {
  GtkListBoxRow parent_instance;
  PctJob *job;
  GtkWidget *title, *note, *bar, *cancel;
};

G_DEFINE_FINAL_TYPE(PctJobRow, pct_job_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
describe(PctJob *job)
{
  const char *phase = pct_job_get_phase(job);
  switch (pct_job_get_state(job)) {
  case PCT_JOB_QUEUED:
    return _("waiting for its turn");
  case PCT_JOB_RUNNING:
    return pct_job_is_cancelling(job) ? _("stopping…") : phase != NULL ? phase : _("running");
  case PCT_JOB_DONE:
    return _("done");
  case PCT_JOB_FAILED:
    return pct_job_get_error(job)->message;
  case PCT_JOB_CANCELLED:
    return _("stopped");
  }
  g_return_val_if_reached("");
}

static void
show_job(PctJobRow *self)
{
  gboolean over = pct_job_is_over(self->job);
  double progress = pct_job_get_progress(self->job);

  gtk_label_set_label(GTK_LABEL(self->title), pct_job_get_title(self->job));
  gtk_label_set_label(GTK_LABEL(self->note), describe(self->job));
  gtk_widget_set_visible(self->bar, !over);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), CLAMP(progress, 0, 1));
  gtk_widget_set_visible(self->cancel, !over);
  gtk_widget_set_sensitive(self->cancel, !pct_job_is_cancelling(self->job));
}

static void
pct_job_row_dispose(GObject *object)
{
  PctJobRow *self = PCT_JOB_ROW(object);
  g_clear_object(&self->job);
  G_OBJECT_CLASS(pct_job_row_parent_class)->dispose(object);
}

static void
pct_job_row_class_init(PctJobRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_job_row_dispose;
}

static void
pct_job_row_init(PctJobRow *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);

  self->title = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  self->note = g_object_new(GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                            "max-width-chars", 40, NULL);
  gtk_widget_add_css_class(self->note, "dim-label");
  gtk_widget_add_css_class(self->note, "small");
  self->bar = gtk_progress_bar_new();
  self->cancel = gtk_button_new_from_icon_name("process-stop-symbolic");
  gtk_widget_set_tooltip_text(self->cancel, _("Stop"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->cancel), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Stop this job"), -1);
  gtk_widget_add_css_class(self->cancel, "flat");
  gtk_widget_add_css_class(self->cancel, "circular");
  gtk_widget_set_valign(self->cancel, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand(text, TRUE);
  gtk_box_append(GTK_BOX(text), self->title);
  gtk_box_append(GTK_BOX(text), self->note);
  gtk_box_append(GTK_BOX(text), self->bar);
  gtk_box_append(GTK_BOX(box), text);
  gtk_box_append(GTK_BOX(box), self->cancel);
  gtk_widget_add_css_class(box, "job");
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(self), box);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(self), FALSE);
}

GtkWidget *
pct_job_row_new(PctJob *job)
{
  PctJobRow *self = g_object_new(PCT_TYPE_JOB_ROW, NULL);
  self->job = g_object_ref(job);
  g_signal_connect_object(job, "notify", G_CALLBACK(show_job), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->cancel, "clicked", G_CALLBACK(pct_job_cancel), job, G_CONNECT_SWAPPED);
  show_job(self);
  return GTK_WIDGET(self);
}
