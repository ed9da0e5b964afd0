// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "compare/repeats-card.h"
#include <glib/gi18n.h>
#include "measure-text.h"
#include "train/curves-card.h"

struct _PctRepeatsCard {
  GtkWidget parent_instance;
  GtkWidget *box, *card, *text;
  PctJob *job;  // NULL: there is nothing to measure
  PctFrame frame;
  PctMeasure measure;
};

G_DEFINE_FINAL_TYPE(PctRepeatsCard, pct_repeats_card, GTK_TYPE_WIDGET)

static void
show_points(PctRepeatsCard *self, const PctRepeatCurve *curve)
{
  gsize n = (gsize)curve->n_points;
  g_autofree double *x = g_new(double, n), *y = g_new(double, n), *low = g_new(double, n), *high = g_new(double, n);
  for (gsize i = 0; i < n; i++) {
    const PctScoreSummary *score = &curve->points[i].score;
    x[i] = curve->points[i].n;
    y[i] = score->mean[self->frame][self->measure];
    low[i] = score->interval[self->frame][self->measure].low;
    high[i] = score->interval[self->frame][self->measure].high;
  }
  pct_curves_card_add_between(PCT_CURVES_CARD(self->card), pct_measure_get_title(self->measure), FALSE, x, y, low, high,
                              n);
  pct_curves_card_set_reference(PCT_CURVES_CARD(self->card), curve->limit.mean[self->frame][self->measure],
                                _("infinitely many"));
  g_autofree char *note =
    g_strdup_printf(ngettext("%d image, shown %d times", "%d images, each shown %d times or more",
                             (gulong)curve->n_images), curve->n_images, curve->n_repeats);
  pct_curves_card_set_note(PCT_CURVES_CARD(self->card), note);
}

// The same in words, and what no curve shows.
static void
show_text(PctRepeatsCard *self, const PctRepeatCurve *curve)
{
  g_autoptr(GString) text = g_string_new(NULL);
  double limit = curve->limit.mean[self->frame][self->measure];
  for (int i = 0; i < curve->n_points; i++) {
    const PctScoreSummary *score = &curve->points[i].score;
    g_autofree char *value = pct_measure_dup_sentence(self->measure, score->mean[self->frame][self->measure],
                                                      score->interval[self->frame][self->measure]);
    g_autofree char *line = g_strdup_printf(ngettext("%d trial: %s", "%d trials averaged: %s",
                                                     (gulong)curve->points[i].n), curve->points[i].n, value);
    g_string_append_printf(text, "%s\n", line);
  }
  if (isfinite(limit)) {
    g_autofree char *value =
      pct_measure_dup_sentence(self->measure, limit, curve->limit.interval[self->frame][self->measure]);
    g_autofree char *line = g_strdup_printf(_("Infinitely many, extrapolated: %s"), value);
    g_string_append_printf(text, "%s\n", line);
  } else
    g_string_append_printf(text, "%s\n", _("Too few repeats to extrapolate from."));
  const PctMeasure alike[] = { PCT_MEASURE_PIXCORR, PCT_MEASURE_IDENTIFICATION };
  g_autofree char *heading =
    g_strdup_printf(ngettext("Pictures of one trial against those of another:",
                             "Pictures of %d trials against those of %d others:", (gulong)curve->half),
                    curve->half, curve->half);
  g_string_append(text, heading);
  for (guint i = 0; i < G_N_ELEMENTS(alike); i++) {
    g_autofree char *value = pct_measure_dup_sentence(alike[i], curve->halves.mean[self->frame][alike[i]],
                                                      curve->halves.interval[self->frame][alike[i]]);
    g_string_append_printf(text, "\n    %s %s", pct_measure_get_title(alike[i]), value);
  }
  gtk_label_set_label(GTK_LABEL(self->text), text->str);
}

static void
show_all(PctRepeatsCard *self)
{
  if (!self->job)
    return;
  const PctRepeatCurve *curve = pct_repeats_job_get_curve(self->job);
  pct_curves_card_clear(PCT_CURVES_CARD(self->card));
  if (curve) {
    show_points(self, curve);
    show_text(self, curve);
    return;
  }
  const GError *error = pct_job_get_error(self->job);
  gtk_label_set_label(GTK_LABEL(self->text), error                          ? error->message
                                             : pct_job_is_over(self->job) ? _("Measuring was cancelled.")
                                                                            : _("Being measured …"));
}

void
pct_repeats_card_show(PctRepeatsCard *self, PctFrame frame, PctMeasure measure)
{
  g_return_if_fail(PCT_IS_REPEATS_CARD(self) && frame < PCT_N_FRAMES && (guint)measure < PCT_N_MEASURES);
  self->frame = frame;
  self->measure = measure;
  show_all(self);
}

PctJob *
pct_repeats_card_get_job(PctRepeatsCard *self)
{
  g_return_val_if_fail(PCT_IS_REPEATS_CARD(self), NULL);
  return self->job;
}

static void
pct_repeats_card_dispose(GObject *object)
{
  PctRepeatsCard *self = PCT_REPEATS_CARD(object);
  if (self->job) {
    g_signal_handlers_disconnect_by_data(self->job, self);
    pct_job_cancel(self->job);
  }
  g_clear_object(&self->job);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(pct_repeats_card_parent_class)->dispose(object);
}

static void
pct_repeats_card_class_init(PctRepeatsCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_repeats_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_repeats_card_init(PctRepeatsCard *self)
{
  self->measure = PCT_MEASURE_PIXCORR;
  self->card = g_object_new(PCT_TYPE_CURVES_CARD, NULL);
  pct_curves_card_set_title(PCT_CURVES_CARD(self->card), _("Score against repeats"), _("trials averaged"));
  pct_curves_card_set_logarithmic_x(PCT_CURVES_CARD(self->card), TRUE);
  self->text = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->text), 0);
  gtk_label_set_wrap(GTK_LABEL(self->text), TRUE);
  gtk_label_set_selectable(GTK_LABEL(self->text), TRUE);
  gtk_widget_add_css_class(self->text, "numeric");
  gtk_widget_add_css_class(self->text, "small");
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_box_append(GTK_BOX(self->box), self->card);
  gtk_box_append(GTK_BOX(self->box), self->text);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *
pct_repeats_card_new(PctProject *project, PctModel *model, PctTier tier)
{
  PctRepeatsCard *self = g_object_new(PCT_TYPE_REPEATS_CARD, NULL);
  if (pct_project_has_repeats(project, tier)) {
    self->job = pct_project_measure_repeats(project, model, tier);
    g_signal_connect_object(self->job, "finished", G_CALLBACK(show_all), self, G_CONNECT_SWAPPED);
    show_all(self);
    return GTK_WIDGET(self);
  }
  gtk_widget_set_visible(self->card, FALSE);
  gtk_label_set_label(GTK_LABEL(self->text),
                      pct_project_is_averaged(project)
                        ? _("This recording holds means over repeats: it has no single trials to average.")
                        : _("Every image of this tier was shown once: there are no repeats to average."));
  return GTK_WIDGET(self);
}
