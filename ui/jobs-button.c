// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "jobs-button.h"
#include <glib/gi18n.h>
#include "job-row.h"

struct _PctJobsButton {
  GtkWidget parent_instance;
  PctLanes *lanes;
  PctJob *current;  // shown; NULL: none runs
  GtkFilter *filter;   // of the jobs that are listed
  GListModel *listed;  // NULL without lanes
  GtkWidget *button, *popover, *bar, *label, *list, *clear;
};

G_DEFINE_FINAL_TYPE(PctJobsButton, pct_jobs_button, GTK_TYPE_WIDGET)

static void
show_progress(PctJobsButton *self)
{
  if (self->current == NULL)
    return;
  double progress = pct_job_get_progress(self->current);
  g_autofree char *text = progress >= 0
    ? g_strdup_printf(_("%s · %.0f %%"), pct_job_get_title(self->current), 100 * progress)
    : g_strdup(pct_job_get_title(self->current));
  gtk_label_set_label(GTK_LABEL(self->label), text);
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), CLAMP(progress, 0, 1));
}

// What has come to its good end is to be seen on the pages; here it would only bury what runs.
static gboolean
is_listed(gpointer job, gpointer data)
{
  return pct_job_get_state(job) != PCT_JOB_DONE;
}

static void
show_state(PctJobsButton *self)
{
  if (self->lanes == NULL)
    return;
  PctJob *current = pct_lanes_get_current(self->lanes);
  guint n_running = pct_lanes_get_n_running(self->lanes);
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);

  if (current != self->current) {
    if (self->current != NULL)
      g_signal_handlers_disconnect_by_func(self->current, show_progress, self);
    g_set_object(&self->current, current);
    if (current != NULL)
      g_signal_connect_object(current, "notify", G_CALLBACK(show_progress), self, G_CONNECT_SWAPPED);
  }
  gtk_widget_set_visible(GTK_WIDGET(self), n_running > 0 || gtk_widget_get_visible(self->popover));
  gtk_widget_set_visible(self->bar, current != NULL);
  gtk_widget_set_visible(self->clear, g_list_model_get_n_items(self->listed) > n_running);
  if (current != NULL)
    show_progress(self);
  else
    gtk_label_set_label(GTK_LABEL(self->label), _("Nothing runs"));
}

static GtkWidget *
new_row(gpointer job, gpointer data)
{
  return pct_job_row_new(job);
}

void
pct_jobs_button_set_lanes(PctJobsButton *self, PctLanes *lanes)
{
  g_return_if_fail(PCT_IS_JOBS_BUTTON(self));
  g_return_if_fail(self->lanes == NULL);
  GListModel *jobs = pct_lanes_get_jobs(lanes);

  self->lanes = g_object_ref(lanes);
  self->listed = G_LIST_MODEL(gtk_filter_list_model_new(g_object_ref(jobs), g_object_ref(self->filter)));
  gtk_list_box_bind_model(GTK_LIST_BOX(self->list), self->listed, new_row, NULL, NULL);
  g_signal_connect_object(self->clear, "clicked", G_CALLBACK(pct_lanes_clear_finished), lanes, G_CONNECT_SWAPPED);
  g_signal_connect_object(jobs, "items-changed", G_CALLBACK(show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(lanes, "notify", G_CALLBACK(show_state), self, G_CONNECT_SWAPPED);
  show_state(self);
}

void
pct_jobs_button_popup(PctJobsButton *self)
{
  g_return_if_fail(PCT_IS_JOBS_BUTTON(self));
  gtk_widget_set_visible(GTK_WIDGET(self), TRUE);
  gtk_menu_button_popup(GTK_MENU_BUTTON(self->button));
}

static void
pct_jobs_button_dispose(GObject *object)
{
  PctJobsButton *self = PCT_JOBS_BUTTON(object);
  g_clear_pointer(&self->button, gtk_widget_unparent);
  g_clear_object(&self->current);
  g_clear_object(&self->listed);
  g_clear_object(&self->filter);
  g_clear_object(&self->lanes);
  G_OBJECT_CLASS(pct_jobs_button_parent_class)->dispose(object);
}

static void
pct_jobs_button_class_init(PctJobsButtonClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_jobs_button_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
new_popover(PctJobsButton *self)
{
  GtkWidget *popover = gtk_popover_new();
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *scrolled = g_object_new(GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER,
                                     "propagate-natural-height", TRUE, "max-content-height", 420,
                                     "width-request", 340, NULL);
  self->list = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(self->list, "jobs");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Jobs"), -1);
  GtkWidget *nothing = gtk_label_new(_("Nothing runs"));
  gtk_widget_add_css_class(nothing, "dim-label");
  gtk_widget_add_css_class(nothing, "fact");
  gtk_list_box_set_placeholder(GTK_LIST_BOX(self->list), nothing);
  self->clear = gtk_button_new_with_label(_("Clear Finished"));
  gtk_widget_set_halign(self->clear, GTK_ALIGN_END);
  gtk_widget_add_css_class(self->clear, "flat");
  gtk_widget_add_css_class(self->clear, "small");
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->list);
  gtk_box_append(GTK_BOX(box), scrolled);
  gtk_box_append(GTK_BOX(box), self->clear);
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  return popover;
}

static void
pct_jobs_button_init(PctJobsButton *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);

  self->filter = GTK_FILTER(gtk_custom_filter_new(is_listed, NULL, NULL));
  self->bar = gtk_progress_bar_new();
  gtk_widget_set_valign(self->bar, GTK_ALIGN_CENTER);
  self->label = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(self->label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class(self->label, "small");
  gtk_widget_add_css_class(self->label, "numeric");
  gtk_box_append(GTK_BOX(box), self->bar);
  gtk_box_append(GTK_BOX(box), self->label);
  self->button = gtk_menu_button_new();
  gtk_menu_button_set_child(GTK_MENU_BUTTON(self->button), box);
  self->popover = new_popover(self);
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->button), self->popover);
  g_signal_connect_object(self->popover, "closed", G_CALLBACK(show_state), self, G_CONNECT_SWAPPED);
  gtk_widget_set_tooltip_text(self->button, _("What is running"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Jobs"), -1);
  gtk_widget_add_css_class(GTK_WIDGET(self), "jobs-button");
  gtk_widget_set_parent(self->button, GTK_WIDGET(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
