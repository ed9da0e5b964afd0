// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "slide/response-scale.h"
#include <math.h>

#define MARGIN 0.25         // of the observed span, on either side
#define STEPS 100.0         // arrow keys cross the observed span in so many

struct _PctResponseScale {
  GtkScale parent_instance;
  double observed_minimum, observed_maximum, recorded;
};

G_DEFINE_FINAL_TYPE(PctResponseScale, pct_response_scale, GTK_TYPE_SCALE)

static GtkWidget *
find_part(GtkWidget *widget, const char *css_name)
{
  GtkWidget *found = NULL;
  GtkWidget *child = gtk_widget_get_first_child(widget);
  for (; child && !found; child = gtk_widget_get_next_sibling(child))
    found = g_str_equal(gtk_widget_get_css_name(child), css_name) ? child : find_part(child, css_name);
  return found;
}

// Where the knob's middle would be for a value: from where it is now, so that the theme's sizes need not be known.
// (gtk_range_get_slider_range is of no use: 4.8 counts from another origin.)
static double
position_of(PctResponseScale *self, double value)
{
  GtkAdjustment *adjustment = gtk_range_get_adjustment(GTK_RANGE(self));
  double low = gtk_adjustment_get_lower(adjustment), high = gtk_adjustment_get_upper(adjustment);
  GtkWidget *trough = find_part(GTK_WIDGET(self), "trough"), *knob = find_part(GTK_WIDGET(self), "slider");
  graphene_rect_t knob_at;
  int knob_width;
  if (!trough || !knob || !gtk_widget_compute_bounds(knob, GTK_WIDGET(self), &knob_at))
    return 0;
  gtk_widget_measure(knob, GTK_ORIENTATION_HORIZONTAL, -1, &knob_width, NULL, NULL, NULL);  // with its negative margins
  double travel = gtk_widget_get_width(trough) - knob_width;
  double distance = (value - gtk_adjustment_get_value(adjustment)) / (high - low) * travel;
  if (gtk_widget_get_direction(GTK_WIDGET(self)) == GTK_TEXT_DIR_RTL)
    distance = -distance;
  return knob_at.origin.x + knob_at.size.width / 2 + distance;
}

static void
fill(GtkSnapshot *snapshot, const GdkRGBA *colour, double x, double y, double width, double height)
{
  if (width > 0 && height > 0)
    gtk_snapshot_append_color(snapshot, colour, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)width, (float)height));
}

static void
pct_response_scale_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  PctResponseScale *self = PCT_RESPONSE_SCALE(widget);
  GtkStyleContext *style = gtk_widget_get_style_context(widget);
  GdkRGBA text, warning;
  GdkRectangle trough;
  gtk_style_context_get_color(style, &text);
  if (!gtk_style_context_lookup_color(style, "warning_color", &warning))
    warning = text;
  gtk_range_get_range_rect(GTK_RANGE(self), &trough);
  double middle = trough.y + trough.height / 2.0;
  double low = position_of(self, self->observed_minimum), high = position_of(self, self->observed_maximum);
  double left = MIN(low, high), right = MAX(low, high);
  warning.alpha *= 0.7f;
  fill(snapshot, &warning, trough.x, middle + 6, left - trough.x, 2);
  fill(snapshot, &warning, right, middle + 6, trough.x + trough.width - right, 2);
  // Taller than the trough, shorter than the knob: seen wherever the knob is not.
  fill(snapshot, &text, round(position_of(self, self->recorded)) - 1, middle - 9, 2, 18);
  GTK_WIDGET_CLASS(pct_response_scale_parent_class)->snapshot(widget, snapshot);
}

static void
pct_response_scale_class_init(PctResponseScaleClass *klass)
{
  GTK_WIDGET_CLASS(klass)->snapshot = pct_response_scale_snapshot;
}

static void
pct_response_scale_init(PctResponseScale *self)
{
  gtk_scale_set_draw_value(GTK_SCALE(self), FALSE);
  gtk_range_set_round_digits(GTK_RANGE(self), -1);
  pct_response_scale_set_range(self, 0, 1, 0);
}

GtkWidget *
pct_response_scale_new(void)
{
  return g_object_new(PCT_TYPE_RESPONSE_SCALE, "orientation", GTK_ORIENTATION_HORIZONTAL, NULL);
}

void
pct_response_scale_set_range(PctResponseScale *self, double observed_minimum, double observed_maximum, double recorded)
{
  g_return_if_fail(PCT_IS_RESPONSE_SCALE(self));
  double span = observed_maximum - observed_minimum;
  if (!(span > 0))
    span = MAX(fabs(observed_maximum), 1e-3);  // a neuron that never varied
  self->observed_minimum = observed_minimum;
  self->observed_maximum = observed_maximum;
  self->recorded = recorded;
  double low = MIN(observed_minimum - MARGIN * span, recorded), high = MAX(observed_maximum + MARGIN * span, recorded);
  GtkAdjustment *adjustment = gtk_range_get_adjustment(GTK_RANGE(self));
  gtk_adjustment_configure(adjustment, CLAMP(gtk_adjustment_get_value(adjustment), low, high), low, high, span / STEPS,
                           span / STEPS * 10, 0);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

double
pct_response_scale_get_recorded(PctResponseScale *self)
{
  g_return_val_if_fail(PCT_IS_RESPONSE_SCALE(self), 0);
  return self->recorded;
}

gboolean
pct_response_scale_is_beyond(PctResponseScale *self)
{
  g_return_val_if_fail(PCT_IS_RESPONSE_SCALE(self), FALSE);
  double value = gtk_range_get_value(GTK_RANGE(self));
  double slack = 1e-9 * MAX(1, fabs(self->observed_maximum - self->observed_minimum));
  return value < self->observed_minimum - slack || value > self->observed_maximum + slack;
}
