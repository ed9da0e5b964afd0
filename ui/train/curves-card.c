// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/curves-card.h"
#include <math.h>
#include "plot-view.h"
#include "plots/curves.h"

typedef struct {
  char *title;
  gboolean dim;
  double *x, *y, *low, *high;  // (n,); low and high may be NULL
  gsize n;
} Series;

struct _PctCurvesCard {
  GtkWidget parent_instance;
  GtkWidget *box, *title, *note, *view;
  GPtrArray *series;     // of Series
  GArray *curves;        // of PctCurve: what plot borrows, as long as the series do not change
  PctCurvesPlot plot;
  char *x_title, *reference_title;
  gboolean logarithmic, logarithmic_x;
};

G_DEFINE_FINAL_TYPE(PctCurvesCard, pct_curves_card, GTK_TYPE_WIDGET)

static void
series_free(gpointer data)
{
  Series *series = data;
  g_free(series->title);
  g_free(series->x);
  g_free(series->y);
  g_free(series->low);
  g_free(series->high);
  g_free(series);
}

static void
update_plot(PctCurvesCard *self)
{
  g_array_set_size(self->curves, 0);
  for (guint i = 0; i < self->series->len; i++) {
    Series *series = self->series->pdata[i];
    PctCurve curve = { .title = series->title, .x = series->x, .y = series->y, .n = series->n, .dim = series->dim,
                       .low = series->low, .high = series->high };
    g_array_append_val(self->curves, curve);
  }
  self->plot.curves = (const PctCurve *)(gpointer)self->curves->data;
  self->plot.n_curves = self->curves->len;
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->view), &self->plot, NULL);
}

void
pct_curves_card_set_title(PctCurvesCard *self, const char *title, const char *x_title)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  gtk_label_set_label(GTK_LABEL(self->title), title);
  pct_plot_view_describe(PCT_PLOT_VIEW(self->view), title, NULL);
  g_free(self->x_title);
  self->x_title = g_strdup(x_title);
  self->plot.x_title = self->x_title;
}

void
pct_curves_card_set_note(PctCurvesCard *self, const char *note)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  gtk_label_set_label(GTK_LABEL(self->note), note != NULL ? note : "");
  gtk_widget_set_tooltip_text(self->note, note);
  pct_plot_view_describe(PCT_PLOT_VIEW(self->view), gtk_label_get_label(GTK_LABEL(self->title)), note);
}

void
pct_curves_card_clear(PctCurvesCard *self)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  g_ptr_array_set_size(self->series, 0);
  self->plot = PCT_CURVES_PLOT_DEFAULT;
  self->plot.x_title = self->x_title;
  self->plot.logarithmic = self->logarithmic;
  self->plot.logarithmic_x = self->logarithmic_x;
  pct_curves_card_set_note(self, NULL);
  update_plot(self);
}

void
pct_curves_card_add_between(PctCurvesCard *self, const char *title, gboolean dim, const double *x, const double *y,
                            const double *low, const double *high, gsize n)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  Series *series = g_new(Series, 1);
  *series = (Series){ g_strdup(title), dim, g_memdup2(x, n * sizeof *x), g_memdup2(y, n * sizeof *y),
                      low ? g_memdup2(low, n * sizeof *low) : NULL, high ? g_memdup2(high, n * sizeof *high) : NULL, n };
  g_ptr_array_add(self->series, series);
  update_plot(self);
}

void
pct_curves_card_add(PctCurvesCard *self, const char *title, gboolean dim, const double *x, const double *y,
                    gsize n)
{
  pct_curves_card_add_between(self, title, dim, x, y, NULL, NULL, n);
}

void
pct_curves_card_set_logarithmic_x(PctCurvesCard *self, gboolean logarithmic)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  self->logarithmic_x = self->plot.logarithmic_x = logarithmic;
  update_plot(self);
}

void
pct_curves_card_set_logarithmic(PctCurvesCard *self, gboolean logarithmic)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  self->logarithmic = self->plot.logarithmic = logarithmic;
  update_plot(self);
}

void
pct_curves_card_set_reference(PctCurvesCard *self, double y, const char *title)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  g_free(self->reference_title);
  self->reference_title = g_strdup(title);
  self->plot.reference = y;
  self->plot.reference_title = self->reference_title;
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->view), &self->plot, NULL);
}

void
pct_curves_card_set_mark(PctCurvesCard *self, double x)
{
  g_return_if_fail(PCT_IS_CURVES_CARD(self));
  self->plot.marked_x = x;
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->view), &self->plot, NULL);
}

gboolean
pct_curves_card_is_empty(PctCurvesCard *self)
{
  g_return_val_if_fail(PCT_IS_CURVES_CARD(self), TRUE);
  return self->series->len == 0;
}

static void
pct_curves_card_dispose(GObject *object)
{
  PctCurvesCard *self = PCT_CURVES_CARD(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_curves_card_parent_class)->dispose(object);
}

static void
pct_curves_card_finalize(GObject *object)
{
  PctCurvesCard *self = PCT_CURVES_CARD(object);
  g_ptr_array_unref(self->series);
  g_array_unref(self->curves);
  g_free(self->x_title);
  g_free(self->reference_title);
  G_OBJECT_CLASS(pct_curves_card_parent_class)->finalize(object);
}

static void
pct_curves_card_class_init(PctCurvesCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_curves_card_dispose;
  G_OBJECT_CLASS(klass)->finalize = pct_curves_card_finalize;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_curves_card_init(PctCurvesCard *self)
{
  GtkWidget *heading = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);

  self->series = g_ptr_array_new_with_free_func(series_free);
  self->curves = g_array_new(FALSE, FALSE, sizeof(PctCurve));
  self->plot = PCT_CURVES_PLOT_DEFAULT;
  self->title = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->title), 0);
  gtk_widget_add_css_class(self->title, "heading");
  self->note = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->note), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->note), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->note, "dim-label");
  gtk_widget_add_css_class(self->note, "small");
  gtk_widget_add_css_class(self->note, "numeric");
  gtk_box_append(GTK_BOX(heading), self->title);
  gtk_box_append(GTK_BOX(heading), self->note);

  self->view = pct_plot_view_new(pct_curves_plot_draw, 220, 180);
  gtk_widget_set_vexpand(self->view, TRUE);

  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class(self->box, "card");
  gtk_widget_add_css_class(self->box, "panel");
  gtk_box_append(GTK_BOX(self->box), heading);
  gtk_box_append(GTK_BOX(self->box), self->view);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
