// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/score-card.h"
#include <glib/gi18n.h>
#include "look/look-card.h"
#include "measure-text.h"
#include "plots/number-text.h"
#include "tier-badge.h"

struct _PctScoreCard {
  GtkWidget parent_instance;
  GtkWidget *card, *states, *problem, *phase, *bar, *tables;
  PctLook *look;
  PctJob *job;  // whose progress is shown; NULL: none
};

G_DEFINE_FINAL_TYPE(PctScoreCard, pct_score_card, GTK_TYPE_WIDGET)

static const struct {
  PctMeasure measure;
  PctFrame frame;
  const char *below;  // NULL: nothing
} columns[] = {
  { PCT_MEASURE_PIXCORR, PCT_FRAME_FULL, N_("full frame") },
  { PCT_MEASURE_PIXCORR, PCT_FRAME_CENTRAL, N_("central window") },
  { PCT_MEASURE_SSIM, PCT_FRAME_FULL, N_("full frame") },
  { PCT_MEASURE_MSE, PCT_FRAME_FULL, N_("full frame") },
  { PCT_MEASURE_IDENTIFICATION, PCT_FRAME_FULL, N_("chance 0.5") },
};

static GtkWidget *
make_label(const char *text, const char *const *classes, double xalign)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), (float)xalign);
  for (guint i = 0; classes[i]; i++)
    gtk_widget_add_css_class(label, classes[i]);
  return label;
}

static const char *const plain[] = { "numeric", NULL }, *const strong[] = { "numeric", "heading", NULL },
                  *const dim[] = { "numeric", "dim-label", "small", NULL };

static GtkWidget *
make_cell(const PctScoreSummary *summary, guint column, gboolean ridge)
{
  PctFrame frame = columns[column].frame;
  PctMeasure measure = columns[column].measure;
  g_autofree char *value = pct_measure_dup_text(measure, summary->mean[frame][measure]);
  g_autofree char *interval = pct_measure_dup_interval_text(measure, summary->interval[frame][measure]);
  GtkWidget *cell = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(cell), make_label(value, ridge ? strong : plain, 1));
  gtk_box_append(GTK_BOX(cell), make_label(interval ? interval : "–", dim, 1));
  gtk_widget_set_hexpand(cell, TRUE);
  return cell;
}

static char *
dup_mode_title(const PctQuickScore *score, int mode)
{
  g_autofree char *n = pct_number_text(score->n_pictures[mode], 0);
  g_autofree char *most = pct_number_text(score->most_repeats[mode], 0);
  if (score->recorded_means)
    return g_strdup_printf(_("Responses recorded as means over repeats: %s pictures"), n);
  return mode ? g_strdup_printf(_("Means of up to %s trials: %s pictures"), most, n)
              : g_strdup_printf(_("Single trials: %s pictures"), n);
}

static GtkWidget *
make_table(const PctQuickScore *score, int mode)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *grid = gtk_grid_new();
  g_autofree char *title = dup_mode_title(score, mode);
  gtk_grid_set_row_spacing(GTK_GRID(grid), 5);
  gtk_grid_set_column_spacing(GTK_GRID(grid), 16);
  for (guint c = 0; c < G_N_ELEMENTS(columns); c++) {
    GtkWidget *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(top), make_label(pct_measure_get_title(columns[c].measure), plain, 1));
    gtk_box_append(GTK_BOX(top), make_label(_(columns[c].below), dim, 1));
    gtk_grid_attach(GTK_GRID(grid), top, (int)c + 1, 0, 1, 1);
  }
  for (int row = 0; row < PCT_N_QUICK_ROWS; row++) {
    gboolean ridge = row == PCT_QUICK_RIDGE;
    GtkWidget *name = make_label(pct_quick_row_get_title((PctQuickRow)row), ridge ? strong : plain, 0);
    gtk_widget_set_valign(name, GTK_ALIGN_START);
    gtk_grid_attach(GTK_GRID(grid), name, 0, row + 1, 1, 1);
    for (guint c = 0; c < G_N_ELEMENTS(columns); c++)
      gtk_grid_attach(GTK_GRID(grid), make_cell(&score->rows[mode][row], c, ridge), (int)c + 1, row + 1, 1, 1);
  }
  gtk_box_append(GTK_BOX(box), make_label(title, strong, 0));
  gtk_box_append(GTK_BOX(box), grid);
  return box;
}

static void
fill_tables(PctScoreCard *self)
{
  const PctQuickScore *score = pct_look_get_score(self->look);
  if (!score || gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->tables), 0))
    return;
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(self->tables), score->modes[FALSE] && score->modes[TRUE] ? 2 : 1);
  for (int mode = 0; mode < 2; mode++)
    if (score->modes[mode])
      gtk_flow_box_append(GTK_FLOW_BOX(self->tables), make_table(score, mode));
  for (int i = 0;; i++) {
    GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(self->tables), i);
    if (!child)
      break;
    gtk_widget_set_focusable(GTK_WIDGET(child), FALSE);
  }
  g_autofree char *note =
    g_strdup_printf(_("Ridge regression against what one gets without it, tier “%s”, each with the 95 %% interval of "
                      "a bootstrap "
                      "over images. %s"),
                    pct_tier_get_title(score->tier),
                    score->tier == PCT_TIER_TEST ? _("A score whose interval reaches a floor’s is no success.")
                                                 : _("There is no test tier: the penalty was chosen on these trials, "
                                                     "so that the "
                                                     "score is a little too good."));
  pct_look_card_set_note(PCT_LOOK_CARD(self->card), note);
}

static void
show_progress(PctScoreCard *self)
{
  if (!self->job)
    return;
  const char *phase = pct_job_get_phase(self->job);
  double progress = pct_job_get_progress(self->job);
  gtk_label_set_label(GTK_LABEL(self->phase), phase ? phase : _("Waiting for its turn"));
  if (progress >= 0)
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar), progress);
  else
    gtk_progress_bar_pulse(GTK_PROGRESS_BAR(self->bar));
}

static void
follow(PctScoreCard *self, PctJob *job)
{
  if (self->job == job)
    return;
  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, show_progress, self);
  g_set_object(&self->job, job);
  if (job)
    g_signal_connect_object(job, "notify", G_CALLBACK(show_progress), self, G_CONNECT_SWAPPED);
}

static void
update(PctScoreCard *self)
{
  const char *problem = pct_look_get_problem(self->look, PCT_LOOK_SCORE);
  follow(self, pct_look_get_job(self->look, PCT_LOOK_SCORE));
  show_progress(self);
  fill_tables(self);
  gtk_label_set_label(GTK_LABEL(self->problem), problem ? problem : "");
  gtk_widget_set_visible(self->problem, problem != NULL);
  gtk_stack_set_visible_child_name(GTK_STACK(self->states), pct_look_get_score(self->look) ? "table"
                                                            : self->job                    ? "running"
                                                                                           : "start");
}

const char *
pct_score_card_get_state(PctScoreCard *self)
{
  g_return_val_if_fail(PCT_IS_SCORE_CARD(self), NULL);
  return gtk_stack_get_visible_child_name(GTK_STACK(self->states));
}

static void
pct_score_card_dispose(GObject *object)
{
  PctScoreCard *self = PCT_SCORE_CARD(object);
  follow(self, NULL);
  g_clear_pointer(&self->card, gtk_widget_unparent);
  g_clear_object(&self->look);
  G_OBJECT_CLASS(pct_score_card_parent_class)->dispose(object);
}

static void
pct_score_card_class_init(PctScoreCardClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_score_card_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_score_card_init(PctScoreCard *self)
{
}

static GtkWidget *
make_start(PctScoreCard *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  double seconds = pct_look_estimate_score(self->look);
  g_autofree char *n = pct_number_text(seconds < 90 ? MAX(seconds, 1) : seconds / 60, 0);
  g_autofree char *about = seconds < 90 ? g_strdup_printf(_("Takes about %s s on this recording."), n)
                                        : g_strdup_printf(_("Takes about %s minutes on this recording."), n);
  self->problem = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  GtkWidget *start = gtk_button_new_with_mnemonic(_("_Fit and Score a Ridge Regression"));
  gtk_widget_set_halign(start, GTK_ALIGN_START);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(start), "look.score");
  gtk_box_append(GTK_BOX(box), self->problem);
  gtk_box_append(GTK_BOX(box), start);
  gtk_box_append(GTK_BOX(box), make_label(about, dim, 0));
  return box;
}

static GtkWidget *
make_running(PctScoreCard *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8), *stop = gtk_button_new_with_mnemonic(_("_Stop"));
  self->phase = make_label(NULL, plain, 0);
  self->bar = gtk_progress_bar_new();
  gtk_widget_set_halign(stop, GTK_ALIGN_START);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(stop), "look.stop");
  gtk_box_append(GTK_BOX(box), self->phase);
  gtk_box_append(GTK_BOX(box), self->bar);
  gtk_box_append(GTK_BOX(box), stop);
  return box;
}

GtkWidget *
pct_score_card_new(PctLook *look)
{
  PctScoreCard *self = g_object_new(PCT_TYPE_SCORE_CARD, NULL);
  self->look = g_object_ref(look);
  self->tables = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(self->tables), GTK_SELECTION_NONE);
  gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(self->tables), 16);
  gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(self->tables), 32);
  self->states = gtk_stack_new();
  gtk_stack_set_vhomogeneous(GTK_STACK(self->states), FALSE);
  gtk_stack_add_named(GTK_STACK(self->states), make_start(self), "start");
  gtk_stack_add_named(GTK_STACK(self->states), make_running(self), "running");
  gtk_stack_add_named(GTK_STACK(self->states), self->tables, "table");
  self->card = pct_look_card_new("score", _("A first score"), NULL);
  pct_look_card_set_content(PCT_LOOK_CARD(self->card), self->states);
  gtk_widget_set_parent(self->card, GTK_WIDGET(self));
  g_signal_connect_object(look, "changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
  return GTK_WIDGET(self);
}
