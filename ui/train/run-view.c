// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/run-view.h"
#include <glib/gi18n.h>
#include <math.h>
#include "plots/number-text.h"
#include "train/curves-card.h"
#include "train/preview-card.h"

#define BEST "validation_pixcorr"
#define BEST_OF_ENCODER "validation_correlation"

struct _PctRunView {
  GtkWidget parent_instance;
  GtkWidget *box, *row, *losses, *validation, *accuracy, *previews;
  PctCurves *curves, *earlier;  // NULL: none
  double reference;
  char *reference_title;
};

G_DEFINE_FINAL_TYPE(PctRunView, pct_run_view, GTK_TYPE_WIDGET)

// What figures are called here; one that is not listed is a loss and keeps its identifier.
static const struct {
  const char *name, *title;
} titles[] = {
  { BEST, N_("PixCorr") },
  { BEST_OF_ENCODER, N_("correlation") },
  { "validation_ssim", N_("SSIM") },
  { "accuracy_matched", N_("matched") },
  { "accuracy_mismatched", N_("mismatched") },
  { "accuracy_fake", N_("fake") },
  { "l1", N_("L1") },
  { "structure", N_("structure") },
  { "adversarial", N_("adversarial") },
  { "discriminator", N_("discriminator") },
  { "loss", N_("loss") },
};

static const char *
find_title(const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS(titles); i++)
    if (g_str_equal(titles[i].name, name))
      return _(titles[i].title);
  return name;
}

static PctCurvesCard *
find_card(PctRunView *self, const char *name)
{
  if (g_str_has_prefix(name, "validation_"))
    return PCT_CURVES_CARD(self->validation);
  if (g_str_has_prefix(name, "accuracy_"))
    return PCT_CURVES_CARD(self->accuracy);
  return PCT_CURVES_CARD(self->losses);
}

// The series that a run is judged by; -1: none.
static int
find_best_series(PctCurves *curves)
{
  int series = pct_curves_find(curves, BEST);
  return series >= 0 ? series : pct_curves_find(curves, BEST_OF_ENCODER);
}

static void
show_best(PctRunView *self)
{
  const double *x, *y;
  int series = find_best_series(self->curves);
  gsize n = series >= 0 ? pct_curves_get_points(self->curves, series, &x, &y) : 0, best = G_MAXSIZE;

  for (gsize i = 0; i < n; i++)
    if (isfinite(y[i]) && (best == G_MAXSIZE || y[i] > y[best]))
      best = i;
  if (best == G_MAXSIZE) {
    pct_curves_card_set_note(PCT_CURVES_CARD(self->validation), _("single trials"));
    return;
  }
  g_autofree char *epoch = pct_number_text(x[best], 0);
  g_autofree char *note =
    g_str_equal(pct_curves_get_name(self->curves, (guint)series), BEST)
      ? g_strdup_printf(_("single trials · best PixCorr %.3f at epoch %s"), y[best], epoch)
      : g_strdup_printf(_("single trials · best correlation %.3f at epoch %s"), y[best], epoch);
  pct_curves_card_set_note(PCT_CURVES_CARD(self->validation), note);
  pct_curves_card_set_mark(PCT_CURVES_CARD(self->validation), x[best]);
}

static void
show_curves(PctRunView *self)
{
  const double *x, *y;
  guint n_series = self->curves != NULL ? pct_curves_get_n_series(self->curves) : 0;
  int earlier = self->earlier != NULL ? find_best_series(self->earlier) : -1;

  pct_curves_card_clear(PCT_CURVES_CARD(self->losses));
  pct_curves_card_clear(PCT_CURVES_CARD(self->validation));
  pct_curves_card_clear(PCT_CURVES_CARD(self->accuracy));
  for (guint i = 0; i < n_series; i++) {
    const char *name = pct_curves_get_name(self->curves, i);
    if (g_str_equal(name, "learning_rate"))  // no loss, and none of the axes' scale
      continue;
    gsize n = pct_curves_get_points(self->curves, i, &x, &y);
    pct_curves_card_add(find_card(self, name), find_title(name), FALSE, x, y, n);
  }
  pct_curves_card_set_note(PCT_CURVES_CARD(self->losses), _("train tier"));
  pct_curves_card_set_note(PCT_CURVES_CARD(self->accuracy), _("share of pairs that it judges rightly"));
  gtk_widget_set_visible(self->row, n_series > 0);
  gtk_widget_set_visible(self->losses, !pct_curves_card_is_empty(PCT_CURVES_CARD(self->losses)));
  gtk_widget_set_visible(self->validation, !pct_curves_card_is_empty(PCT_CURVES_CARD(self->validation)));
  gtk_widget_set_visible(self->accuracy, !pct_curves_card_is_empty(PCT_CURVES_CARD(self->accuracy)));
  if (n_series == 0)
    return;
  if (earlier >= 0) {
    gsize n = pct_curves_get_points(self->earlier, earlier, &x, &y);
    pct_curves_card_add(PCT_CURVES_CARD(self->validation), _("last run"), TRUE, x, y, n);
  }
  if (isfinite(self->reference))
    pct_curves_card_set_reference(PCT_CURVES_CARD(self->validation), self->reference, self->reference_title);
  show_best(self);
}

void
pct_run_view_set_run(PctRunView *self, PctModel *model, PctJob *job, PctModel *earlier, double reference,
                     const char *reference_title)
{
  g_return_if_fail(PCT_IS_RUN_VIEW(self));
  if (self->curves != NULL)
    g_signal_handlers_disconnect_by_func(self->curves, show_curves, self);
  g_clear_object(&self->curves);
  g_clear_object(&self->earlier);
  // A run without readable curves has none to show; its row in the history says what is wrong with it.
  if (model != NULL)
    self->curves = pct_model_dup_curves(model, NULL);
  if (earlier != NULL)
    self->earlier = pct_model_dup_curves(earlier, NULL);
  if (self->curves != NULL)
    g_signal_connect_object(self->curves, "changed", G_CALLBACK(show_curves), self, G_CONNECT_SWAPPED);
  self->reference = reference;
  g_free(self->reference_title);
  self->reference_title = g_strdup(reference_title);
  pct_preview_card_set_job(PCT_PREVIEW_CARD(self->previews), job);
  show_curves(self);
}

static void
pct_run_view_dispose(GObject *object)
{
  PctRunView *self = PCT_RUN_VIEW(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->curves);
  g_clear_object(&self->earlier);
  g_clear_pointer(&self->reference_title, g_free);
  G_OBJECT_CLASS(pct_run_view_parent_class)->dispose(object);
}

static void
pct_run_view_class_init(PctRunViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_run_view_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
add_card(PctRunView *self, const char *title)
{
  GtkWidget *card = g_object_new(PCT_TYPE_CURVES_CARD, NULL);
  pct_curves_card_set_title(PCT_CURVES_CARD(card), title, _("epoch"));
  gtk_box_append(GTK_BOX(self->row), card);
  return card;
}

static void
pct_run_view_init(PctRunView *self)
{
  self->reference = NAN;
  self->row = g_object_new(GTK_TYPE_BOX, "spacing", 12, "homogeneous", TRUE, "visible", FALSE, NULL);
  self->losses = add_card(self, _("Losses"));
  self->validation = add_card(self, _("Validation"));
  self->accuracy = add_card(self, _("Discriminator right"));
  pct_curves_card_set_logarithmic(PCT_CURVES_CARD(self->losses), TRUE);
  self->previews = g_object_new(PCT_TYPE_PREVIEW_CARD, NULL);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append(GTK_BOX(self->box), self->row);
  gtk_box_append(GTK_BOX(self->box), self->previews);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
