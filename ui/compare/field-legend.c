// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/field-legend.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plots/contour.h"

#define SHARE 0.8  // of all receptive fields' weight, inside the line

struct _PctFieldLegend {
  GtkWidget parent_instance;
  GtkWidget *box, *sample, *label;
  PctProject *project;
  PctJob *job;  // NULL: never wanted, or it could not start
  double level;
  gboolean wanted;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE(PctFieldLegend, pct_field_legend, GTK_TYPE_WIDGET)

const PctFieldDensity *
pct_field_legend_get_density(PctFieldLegend *self)
{
  g_return_val_if_fail(PCT_IS_FIELD_LEGEND(self), NULL);
  return self->job ? pct_field_density_job_get(self->job) : NULL;
}

void
pct_field_legend_apply(PctFieldLegend *self, PctPictureView *view)
{
  g_return_if_fail(PCT_IS_FIELD_LEGEND(self));
  const PctFieldDensity *density = self->wanted ? pct_field_legend_get_density(self) : NULL;
  if (density)
    pct_picture_view_set_contour(view, density->values, density->height, density->width, self->level);
  else
    pct_picture_view_set_contour(view, NULL, 0, 0, 0);
}

static void
say(PctFieldLegend *self, const char *text, gboolean there)
{
  gtk_label_set_label(GTK_LABEL(self->label), text);
  gtk_widget_set_visible(self->sample, there);
}

static void
show_job(PctFieldLegend *self)
{
  const PctFieldDensity *density = pct_field_legend_get_density(self);
  if (density) {
    self->level = pct_contour_level(density->values, density->height, density->width, SHARE);
    g_autofree char *text = g_strdup_printf(
      density->source == PCT_DENSITY_OF_FIELDS
        ? _("Inside the line lies %.0f %% of what the neurons’ receptive fields see, as found on the Neurons page")
        : _("Inside the line lies %.0f %% of what the neurons’ receptive fields see, as the best encoder has them"),
      100 * SHARE);
    say(self, isfinite(self->level) ? text : _("No receptive field was found on the image"), isfinite(self->level));
  } else if (pct_job_get_error(self->job))
    say(self, pct_job_get_error(self->job)->message, FALSE);
  else
    say(self, pct_job_is_over(self->job) ? _("Finding where the receptive fields lie was cancelled")
                                         : _("Finding where the receptive fields lie …"), FALSE);
  g_signal_emit(self, changed_signal, 0);
}

void
pct_field_legend_set_wanted(PctFieldLegend *self, gboolean wanted)
{
  g_return_if_fail(PCT_IS_FIELD_LEGEND(self));
  self->wanted = wanted;
  gtk_widget_set_visible(GTK_WIDGET(self), wanted);
  // What failed or was cancelled is tried again: an encoder may have come.
  if (self->job && pct_job_is_over(self->job) && !pct_field_legend_get_density(self)) {
    g_signal_handlers_disconnect_by_data(self->job, self);
    g_clear_object(&self->job);
  }
  if (wanted && !self->job) {
    g_autoptr(GError) error = NULL;
    self->job = pct_project_find_field_density(self->project, &error);
    if (self->job)
      g_signal_connect_object(self->job, "finished", G_CALLBACK(show_job), self, G_CONNECT_SWAPPED);
    else
      say(self, error->message, FALSE);
  }
  if (self->job)
    show_job(self);
}

static void
draw_sample(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const GdkRGBA *colour = &pct_picture_view_contour_colour;
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to(cr, 2, height / 2.0);
  cairo_line_to(cr, width - 2, height / 2.0);
  cairo_set_source_rgba(cr, 0, 0, 0, 0.45);
  cairo_set_line_width(cr, 3.5);
  cairo_stroke_preserve(cr);
  cairo_set_source_rgb(cr, colour->red, colour->green, colour->blue);
  cairo_set_line_width(cr, 2);
  cairo_stroke(cr);
}

static void
pct_field_legend_dispose(GObject *object)
{
  PctFieldLegend *self = PCT_FIELD_LEGEND(object);
  if (self->job) {
    g_signal_handlers_disconnect_by_data(self->job, self);
    pct_job_cancel(self->job);
  }
  g_clear_object(&self->job);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->project);
  G_OBJECT_CLASS(pct_field_legend_parent_class)->dispose(object);
}

static void
pct_field_legend_class_init(PctFieldLegendClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_field_legend_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  changed_signal =
    g_signal_new("changed", PCT_TYPE_FIELD_LEGEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_field_legend_init(PctFieldLegend *self)
{
  self->level = NAN;
  self->sample = gtk_drawing_area_new();
  gtk_widget_set_size_request(self->sample, 22, 12);
  gtk_widget_set_valign(self->sample, GTK_ALIGN_CENTER);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(self->sample), draw_sample, NULL, NULL);
  self->label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->label), 0);
  gtk_label_set_wrap(GTK_LABEL(self->label), TRUE);
  gtk_widget_add_css_class(self->label, "dim-label");
  gtk_widget_add_css_class(self->label, "caption");
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_append(GTK_BOX(self->box), self->sample);
  gtk_box_append(GTK_BOX(self->box), self->label);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}

GtkWidget *
pct_field_legend_new(PctProject *project)
{
  PctFieldLegend *self = g_object_new(PCT_TYPE_FIELD_LEGEND, NULL);
  self->project = g_object_ref(project);
  return GTK_WIDGET(self);
}
