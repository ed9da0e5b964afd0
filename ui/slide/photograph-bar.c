// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/photograph-bar.h"
#include <glib/gi18n.h>
#include "work/slide-photograph.h"

struct _PctPhotographBar {
  GtkWidget parent_instance;
  PctProject *project;
  PctSlide *slide;
  GtkWidget *box, *text, *noise;
  char *path;         // NULL: none
  gboolean with_noise;
  guint64 seed;
  PctJob *job;        // the newest; NULL: none
};

G_DEFINE_FINAL_TYPE(PctPhotographBar, pct_photograph_bar, GTK_TYPE_WIDGET)

static void
say(PctPhotographBar *self, const char *text, gboolean is_problem)
{
  gtk_label_set_label(GTK_LABEL(self->text), text);
  if (is_problem)
    gtk_widget_add_css_class(self->text, "error");
  else
    gtk_widget_remove_css_class(self->text, "error");
  gtk_widget_set_visible(self->noise, !is_problem);
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
}

static void
drop_job(PctPhotographBar *self)
{
  if (!self->job)
    return;
  g_signal_handlers_disconnect_by_data(self->job, self);
  pct_job_cancel(self->job);
  g_clear_object(&self->job);
}

static void
finished(PctPhotographBar *self, PctJob *job)
{
  const PctPhotograph *photograph = pct_photograph_job_get(job);
  if (photograph) {
    PctModel *encoder = g_object_get_data(G_OBJECT(job), "encoder");
    g_autofree char *text = g_strdup_printf(
      self->with_noise ? _("“%s”, with the responses of a trial as %s predicts them")
                       : _("“%s”, with the responses that %s predicts, without a trial’s noise"),
      photograph->name, pct_model_get_name(encoder));
    say(self, text, FALSE);
    pct_slide_set_shown(self->slide, photograph->picture, photograph->responses);
  } else if (pct_job_get_error(job)) {
    say(self, pct_job_get_error(job)->message, TRUE);
  }
}

static void
predict(PctPhotographBar *self)
{
  drop_job(self);
  PctModel *encoder = pct_project_find_best_encoder(self->project);
  if (!encoder) {
    say(self, _("A photograph needs an encoder that predicts the responses to it: train one first."), TRUE);
    return;
  }
  self->job = pct_project_show_photograph(self->project, self->path, encoder, self->with_noise, ++self->seed);
  g_object_set_data_full(G_OBJECT(self->job), "encoder", g_object_ref(encoder), g_object_unref);
  g_signal_connect_object(self->job, "finished", G_CALLBACK(finished), self, G_CONNECT_SWAPPED);
}

static void
pct_photograph_bar_dispose(GObject *object)
{
  PctPhotographBar *self = PCT_PHOTOGRAPH_BAR(object);
  drop_job(self);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->slide);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_photograph_bar_parent_class)->dispose(object);
}

static void
pct_photograph_bar_finalize(GObject *object)
{
  g_free(PCT_PHOTOGRAPH_BAR(object)->path);
  G_OBJECT_CLASS(pct_photograph_bar_parent_class)->finalize(object);
}

static void
pct_photograph_bar_class_init(PctPhotographBarClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_photograph_bar_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_photograph_bar_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_photograph_bar_init(PctPhotographBar *self)
{
}

GtkWidget *
pct_photograph_bar_new(PctProject *project, PctSlide *slide)
{
  PctPhotographBar *self = g_object_new(PCT_TYPE_PHOTOGRAPH_BAR, "visible", FALSE, NULL);
  self->project = g_object_ref(project);
  self->slide = g_object_ref(slide);
  self->text = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->text), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->text), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->text, TRUE);
  self->noise = gtk_toggle_button_new_with_label(_("Trial Noise"));
  gtk_widget_set_tooltip_text(self->noise, _("As a single trial would answer, instead of the prediction itself"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->noise), "slide.photograph-noise");
  GtkWidget *back = gtk_button_new_with_label(_("Back to the Recording"));
  gtk_actionable_set_action_name(GTK_ACTIONABLE(back), "slide.close-photograph");
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *parts[] = { self->text, self->noise, back };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

void
pct_photograph_bar_show(PctPhotographBar *self, const char *path)
{
  g_return_if_fail(PCT_IS_PHOTOGRAPH_BAR(self) && path);
  g_free(self->path);
  self->path = g_strdup(path);
  predict(self);
}

void
pct_photograph_bar_set_noise(PctPhotographBar *self, gboolean with_noise)
{
  g_return_if_fail(PCT_IS_PHOTOGRAPH_BAR(self));
  self->with_noise = with_noise;
  if (self->path)
    predict(self);
}

void
pct_photograph_bar_close(PctPhotographBar *self)
{
  g_return_if_fail(PCT_IS_PHOTOGRAPH_BAR(self));
  drop_job(self);
  g_clear_pointer(&self->path, g_free);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

gboolean
pct_photograph_bar_is_open(PctPhotographBar *self)
{
  g_return_val_if_fail(PCT_IS_PHOTOGRAPH_BAR(self), FALSE);
  return self->path != NULL;
}
