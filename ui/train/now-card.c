// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/now-card.h"
#include <glib/gi18n.h>
#include "plots/number-text.h"
#include "train/run-row.h"

enum {
  ROW_STEP,
  ROW_REMAINING,
  ROW_ELAPSED,
  N_ROWS
};

struct _PctNowCard {
  GtkWidget parent_instance;
  GtkWidget *box, *names[N_ROWS], *values[N_ROWS];
  PctJob *job;         // NULL: none
  double first_step;   // where the job was when it was first seen running: a resumed one does not begin at 0
  double first_seconds;
};

G_DEFINE_FINAL_TYPE(PctNowCard, pct_now_card, GTK_TYPE_WIDGET)

// Preparing and scoring have no steps to count: then the phase's name says what goes on.
static gboolean
counts_steps(PctJob *job)
{
  return pct_job_get_state(job) == PCT_JOB_RUNNING && pct_job_get_total(job) > 0;
}

// seconds: what a step takes; 0: not measured yet.
static char *
describe_step(PctJob *job, double seconds)
{
  if (pct_job_get_state(job) == PCT_JOB_QUEUED)
    return g_strdup(_("waiting for its turn"));
  if (!counts_steps(job))
    return g_strdup(pct_job_get_phase(job) != NULL ? pct_job_get_phase(job) : "…");
  g_autofree char *step = pct_number_text(pct_job_get_step(job), 0);
  g_autofree char *total = pct_number_text(pct_job_get_total(job), 0);
  g_autofree char *of = g_strdup_printf(_("%s of %s"), step, total);
  return seconds > 0 ? g_strdup_printf(_("%s · %.2g s each"), of, seconds) : g_strdup(of);
}

static void
show_job(PctNowCard *self)
{
  gboolean over = self->job == NULL || pct_job_is_over(self->job);

  gtk_widget_set_visible(GTK_WIDGET(self), !over);
  if (over)
    return;
  double step = pct_job_get_step(self->job), total = pct_job_get_total(self->job);
  double seconds = pct_job_get_seconds(self->job);
  if (self->first_step < 0 && step > 0) {
    self->first_step = step;
    self->first_seconds = seconds;
  }
  double done = step - self->first_step, spent = seconds - self->first_seconds;
  gboolean measured = self->first_step >= 0 && done > 0 && spent > 0.5;

  g_autofree char *doing = describe_step(self->job, measured ? spent / done : 0);
  g_autofree char *remaining =
    measured && total > 0 ? pct_format_seconds((total - step) * spent / done) : g_strdup(_("measuring…"));
  g_autofree char *elapsed = pct_format_seconds(seconds);
  gtk_label_set_label(GTK_LABEL(self->names[ROW_STEP]), counts_steps(self->job) ? _("Step") : _("Phase"));
  gtk_label_set_label(GTK_LABEL(self->values[ROW_STEP]), doing);
  gtk_label_set_label(GTK_LABEL(self->values[ROW_REMAINING]), counts_steps(self->job) ? remaining : "–");
  gtk_label_set_label(GTK_LABEL(self->values[ROW_ELAPSED]), elapsed);
}

void
pct_now_card_set_job(PctNowCard *self, PctJob *job)
{
  g_return_if_fail(PCT_IS_NOW_CARD(self));
  if (self->job != job) {
    if (self->job != NULL)
      g_signal_handlers_disconnect_by_func(self->job, show_job, self);
    g_set_object(&self->job, job);
    self->first_step = -1;
    if (job != NULL)
      g_signal_connect_object(job, "notify", G_CALLBACK(show_job), self, G_CONNECT_SWAPPED);
  }
  show_job(self);
}

static void
pct_now_card_dispose(GObject *object)
{
  PctNowCard *self = PCT_NOW_CARD(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->job);
  G_OBJECT_CLASS(pct_now_card_parent_class)->dispose(object);
}

static void
pct_now_card_class_init(PctNowCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_now_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_now_card_init(PctNowCard *self)
{
  const char *const names[N_ROWS] = { _("Step"), _("Remaining"), _("Elapsed") };
  GtkWidget *title = g_object_new(GTK_TYPE_LABEL, "label", _("Now"), "xalign", 0.0, NULL);
  GtkWidget *list = gtk_list_box_new();

  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "boxed-list");
  gtk_widget_add_css_class(title, "heading");
  for (int i = 0; i < N_ROWS; i++) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
    self->names[i] = g_object_new(GTK_TYPE_LABEL, "label", names[i], "xalign", 0.0, "hexpand", TRUE, NULL);
    self->values[i] = g_object_new(GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 1.0, "justify", GTK_JUSTIFY_RIGHT, NULL);
    gtk_widget_add_css_class(self->values[i], "numeric");
    gtk_widget_add_css_class(box, "fact");
    gtk_box_append(GTK_BOX(box), self->names[i]);
    gtk_box_append(GTK_BOX(box), self->values[i]);
    gtk_list_box_append(GTK_LIST_BOX(list), box);
    gtk_list_box_row_set_activatable(gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), i), FALSE);
  }
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_margin_bottom(self->box, 6);
  gtk_box_append(GTK_BOX(self->box), title);
  gtk_box_append(GTK_BOX(self->box), list);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
