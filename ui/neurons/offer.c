// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "neurons/offer.h"

struct _PctOffer {
  GtkWidget parent_instance;
  GtkWidget *box, *label, *button, *bar;
  PctJob *job;   // followed; NULL: none
  gboolean offers;  // the button has something to do
};

G_DEFINE_FINAL_TYPE(PctOffer, pct_offer, GTK_TYPE_WIDGET)

static void
show_progress(PctOffer *self)
{
  gboolean running = self->job && !pct_job_is_over(self->job);
  gtk_widget_set_visible(self->bar, running);
  gtk_widget_set_visible(self->button, !running && self->offers);
  if (running)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), MAX(0, pct_job_get_progress(self->job)));
}

static void
pct_offer_dispose(GObject *object)
{
  PctOffer *self = PCT_OFFER(object);
  if (self->job)
    g_signal_handlers_disconnect_by_data(self->job, self);
  g_clear_object(&self->job);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_offer_parent_class)->dispose(object);
}

static void
pct_offer_class_init(PctOfferClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_offer_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_offer_init(PctOffer *self)
{
}

GtkWidget *
pct_offer_new(gboolean horizontal)
{
  PctOffer *self = g_object_new(PCT_TYPE_OFFER, NULL);
  self->box = gtk_box_new(horizontal ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL, horizontal ? 12 : 8);
  gtk_widget_add_css_class(self->box, "offer");
  self->label = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(self->label), 0);
  gtk_label_set_max_width_chars(GTK_LABEL(self->label), horizontal ? 60 : 28);
  gtk_widget_set_hexpand(self->label, TRUE);
  gtk_widget_add_css_class(self->label, "small");
  self->button = gtk_button_new();
  gtk_widget_set_halign(self->button, horizontal ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_widget_set_valign(self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible(self->button, FALSE);
  self->bar = gtk_progress_bar_new();
  gtk_widget_set_valign(self->bar, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request(self->bar, 96, -1);
  gtk_widget_set_visible(self->bar, FALSE);
  gtk_box_append(GTK_BOX(self->box), self->label);
  gtk_box_append(GTK_BOX(self->box), self->bar);
  gtk_box_append(GTK_BOX(self->box), self->button);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

void
pct_offer_say(PctOffer *self, const char *sentence, const char *button, const char *action)
{
  g_return_if_fail(PCT_IS_OFFER(self));
  gtk_label_set_label(GTK_LABEL(self->label), sentence);
  if (button) {
    gtk_button_set_label(GTK_BUTTON(self->button), button);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(self->button), action);
  }
  self->offers = button != NULL;
  show_progress(self);
}

void
pct_offer_follow(PctOffer *self, PctJob *job)
{
  g_return_if_fail(PCT_IS_OFFER(self));
  if (job == self->job)
    return;
  if (self->job)
    g_signal_handlers_disconnect_by_data(self->job, self);
  g_set_object(&self->job, job);
  if (job) {
    g_signal_connect_object(job, "notify::progress", G_CALLBACK(show_progress), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(job, "finished", G_CALLBACK(show_progress), self, G_CONNECT_SWAPPED);
  }
  show_progress(self);
}

const char *
pct_offer_get_sentence(PctOffer *self)
{
  g_return_val_if_fail(PCT_IS_OFFER(self), NULL);
  return gtk_label_get_label(GTK_LABEL(self->label));
}
