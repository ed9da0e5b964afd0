// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "look/look-figures.h"
#include <glib/gi18n.h>
#include "plots/curves.h"
#include "plots/histogram.h"
#include "plots/number-text.h"
#include "plots/scatter-map.h"
#include "tier-badge.h"

// Points of a curve over trials: more than that no screen shows.
#define CURVE_POINTS 800

static PctHistogramPlot *
histogram_new(const float *values, gsize n, double minimum, double maximum, double marked)
{
  PctHistogramPlot plot = { .values = values, .n = n, .minimum = minimum, .maximum = maximum, .n_bins = 50,
                            .marked = marked, .mean = NAN, .low = NAN, .high = NAN };
  return g_memdup2(&plot, sizeof plot);
}

GtkWidget *
pct_look_reliability_card_new(PctLook *look)
{
  const PctFirstLook *facts = pct_look_get_facts(look);
  if (!facts->repeated)
    return NULL;
  const PctReliability *reliability = facts->reliability;
  GtkWidget *card = pct_look_card_new("reliability", _("Reliability of the neurons"), pct_histogram_plot_draw);
  pct_look_card_take_figure(PCT_LOOK_CARD(card),
                            histogram_new(reliability->oracle, (gsize)reliability->n_neurons, -0.5, 1,
                                          facts->median_oracle), g_free);
  g_autofree char *median = pct_number_text(facts->median_oracle, 2);
  g_autofree char *explained = pct_number_text(100 * reliability->mean_explainable_variance, 0);
  g_autofree char *note =
    g_strdup_printf(_("Median %s (line): a trial’s correlation with the mean of the image’s other trials. %s %% of "
                      "the variance "
                      "is the image’s. Tier “%s”: %d images, %d trials."),
                    median, explained, pct_tier_get_title(facts->repeats_tier), reliability->n_images,
                    reliability->n_trials);
  pct_look_card_set_note(PCT_LOOK_CARD(card), note);
  return card;
}

GtkWidget *
pct_look_noise_card_new(PctLook *look)
{
  const PctFirstLook *facts = pct_look_get_facts(look);
  if (!facts->repeated)
    return NULL;
  const PctNoiseCorrelation *noise = facts->noise;
  GtkWidget *card = pct_look_card_new("noise", _("Noise correlations"), pct_histogram_plot_draw);
  pct_look_card_take_figure(PCT_LOOK_CARD(card),
                            histogram_new(noise->pairs, noise->n_pairs, -0.5, 0.5, noise->mean), g_free);
  g_autofree char *mean = pct_number_text(noise->mean, 3), *sd = pct_number_text(noise->sd, 3);
  g_autofree char *pairs = pct_number_text((double)noise->n_pairs, 0), *n = pct_number_text(noise->n_neurons, 0);
  g_autofree char *all = pct_number_text(noise->n_varying, 0);
  g_autoptr(GString) note = g_string_new(NULL);
  g_string_append_printf(note, _("%s ± %s, mean (line) and standard deviation over %s pairs: what two neurons share "
                                 "beyond the "
                                 "image."), mean, sd, pairs);
  if (noise->n_neurons < noise->n_varying)
    g_string_append_printf(note, _(" %s neurons, chosen at random from %s."), n, all);
  pct_look_card_set_note(PCT_LOOK_CARD(card), note->str);
  return card;
}

// Curves that own their numbers.
typedef struct {
  PctCurvesPlot plot;
  PctCurve curves[8];
  GPtrArray *owned;
} OwnCurves;

static OwnCurves *
own_curves_new(const char *x_title)
{
  OwnCurves *self = g_new0(OwnCurves, 1);
  self->plot = PCT_CURVES_PLOT_DEFAULT;
  self->plot.curves = self->curves;
  self->plot.x_title = x_title;
  self->owned = g_ptr_array_new_with_free_func(g_free);
  return self;
}

static void
own_curves_free(gpointer data)
{
  OwnCurves *self = data;
  g_ptr_array_unref(self->owned);
  g_free(self);
}

static double *
own_room(OwnCurves *self, gsize n)
{
  double *room = g_new(double, n);
  g_ptr_array_add(self->owned, room);
  return room;
}

static void
own_curves_add(OwnCurves *self, PctCurve curve, char *title)
{
  g_return_if_fail(self->plot.n_curves < G_N_ELEMENTS(self->curves));
  if (title)
    g_ptr_array_add(self->owned, title);
  curve.title = title;
  self->curves[self->plot.n_curves++] = curve;
}

static OwnCurves *
draw_course(const PctTrialCourse *course)
{
  OwnCurves *curves = own_curves_new(course->timed ? _("trial, in order of time") : _("trial, in the file’s order"));
  int n = course->n_trials, step = (n - 1) / CURVE_POINTS + 1, points = (n - 1) / step + 1;
  double *x = own_room(curves, (gsize)points), *y = own_room(curves, (gsize)points);
  for (int i = 0; i < points; i++) {
    x[i] = i * step;
    y[i] = course->running[i * step];
  }
  own_curves_add(curves, (PctCurve){ .x = x, .y = y, .n = (gsize)points },
                 g_strdup_printf(_("mean over %d trials"), course->window));
  double *at = own_room(curves, 2), *line = own_room(curves, 2);
  at[0] = 0;
  at[1] = n - 1;
  line[0] = course->trend.intercept;
  line[1] = course->trend.intercept + course->trend.slope * (n - 1);
  own_curves_add(curves, (PctCurve){ .x = at, .y = line, .n = 2, .dim = TRUE }, g_strdup(_("trend")));
  return curves;
}

GtkWidget *
pct_look_drift_card_new(PctLook *look)
{
  const PctTrialCourse *course = pct_look_get_facts(look)->course;
  double times = course->n_trials - 1;
  GtkWidget *card = pct_look_card_new("drift", _("Responses over the recording"), pct_curves_plot_draw);
  pct_look_card_take_figure(PCT_LOOK_CARD(card), draw_course(course), own_curves_free);
  g_autofree char *drift = pct_number_text(pct_trial_course_get_drift(course), 2);
  g_autofree char *low = pct_number_text(course->trend.interval.low * times, 2);
  g_autofree char *high = pct_number_text(course->trend.interval.high * times, 2);
  g_autofree char *note =
    g_strdup_printf(_("z-scored, mean over the neurons. From the first trial to the last %s standard deviations (95 "
                      "%%: %s to "
                      "%s): %s."), drift, low, high,
                    pct_trial_course_drifts(course) ? _("a drift") : _("no drift to speak of"));
  pct_look_card_set_note(PCT_LOOK_CARD(card), note);
  return card;
}

// Points that own their numbers.
typedef struct {
  PctScatterMap map;
  double *x;
} OwnPoints;

static void
own_points_free(gpointer data)
{
  OwnPoints *self = data;
  g_free(self->x);
  g_free(self);
}

GtkWidget *
pct_look_behaviour_card_new(PctLook *look, PctBehaviour behaviour)
{
  const PctFirstLook *facts = pct_look_get_facts(look);
  const PctTrend *trend = &facts->behaviour[behaviour];
  const float *values = pct_look_get_behaviour(look, behaviour);
  gboolean running = behaviour == PCT_BEHAVIOUR_RUNNING;
  if (!values || trend->n == 0)
    return NULL;
  GtkWidget *card = pct_look_card_new(pct_behaviour_get_name(behaviour),
                                      running ? _("Running and response gain") : _("Pupil and response gain"),
                                      pct_scatter_map_draw);
  OwnPoints *points = g_new0(OwnPoints, 1);
  points->x = g_new(double, (gsize)facts->n_trials);
  // A trial whose gain is not known has no part in the axis either.
  for (int i = 0; i < facts->n_trials; i++)
    points->x[i] = isfinite(facts->course->gain[i]) ? values[i] : NAN;
  points->map = PCT_SCATTER_MAP_DEFAULT;
  points->map.x = points->x;
  points->map.y = facts->course->gain;
  points->map.n = (gsize)facts->n_trials;
  points->map.x_title = running ? _("running speed, cm/s") : _("pupil size");
  points->map.y_title = _("gain");
  pct_look_card_take_figure(PCT_LOOK_CARD(card), points, own_points_free);
  g_autofree char *value = pct_number_text(trend->slope, 2), *low = pct_number_text(trend->interval.low, 2);
  g_autofree char *high = pct_number_text(trend->interval.high, 2), *n = pct_number_text((double)trend->n, 0);
  g_autofree char *note = g_strdup_printf(_("Correlation %s (95 %%: %s to %s) over %s trials. %s"), value, low, high, n,
                                          pct_first_look_get_gain_sentence(facts));
  pct_look_card_set_note(PCT_LOOK_CARD(card), note);
  return card;
}

// PixCorr against images for some number of neurons.
static void
add_expectation(OwnCurves *curves, double n_neurons, gboolean dim, char *title)
{
  guint n;
  const int *images = pct_expected_get_images(&n);
  double *x = own_room(curves, n), *y = own_room(curves, n);
  for (guint i = 0; i < n; i++) {
    x[i] = images[i];
    y[i] = pct_expected_pixcorr(n_neurons, images[i], NULL);
  }
  own_curves_add(curves, (PctCurve){ .x = x, .y = y, .n = n, .dim = dim }, title);
}

static void
add_own_score(OwnCurves *curves, const PctQuickScore *score, int n_images)
{
  int mode = score->modes[FALSE] ? FALSE : TRUE;
  const PctScoreSummary *ridge = &score->rows[mode][PCT_QUICK_RIDGE];
  PctInterval interval = ridge->interval[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  double *x = own_room(curves, 1), *y = own_room(curves, 1), *low = own_room(curves, 1), *high = own_room(curves, 1);
  *x = n_images;
  *y = ridge->mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  *low = interval.low;
  *high = interval.high;
  own_curves_add(curves, (PctCurve){ .x = x, .y = y, .n = 1, .low = low, .high = high },
                 g_strdup(score->recorded_means ? _("this recording (means over repeats)") : _("this recording")));
}

void
pct_look_expected_card_update(PctLookCard *card, PctLook *look)
{
  const PctFirstLook *facts = pct_look_get_facts(look);
  const PctQuickScore *score = pct_look_get_score(look);
  OwnCurves *curves = own_curves_new(_("train images"));
  curves->plot.logarithmic_x = TRUE;
  curves->plot.y_minimum = 0;
  g_autofree char *count = pct_number_text(facts->n_neurons, 0);
  add_expectation(curves, facts->n_neurons, FALSE,
                  g_strdup_printf(ngettext("%s neuron", "%s neurons", (gulong)facts->n_neurons), count));
  if (score)
    add_own_score(curves, score, facts->census->tiers[PCT_TIER_TRAIN].n_images);
  guint n;
  const int *neurons = pct_expected_get_neurons(&n);
  g_autoptr(GString) grey = g_string_new(NULL);
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = pct_number_text(neurons[i], 0);
    add_expectation(curves, neurons[i], TRUE, NULL);
    g_string_append_printf(grey, "%s%s", i > 0 ? " · " : "", text);
  }
  pct_look_card_take_figure(card, curves, own_curves_free);
  g_autofree char *sentence = pct_first_look_dup_expectation(facts, pct_number_text);
  // Translators: a list of numbers of neurons, then sentences.
  g_autofree char *note = g_strdup_printf(_("Grey, from below: %s neurons. %s"), grey->str, sentence);
  pct_look_card_set_note(card, note);
}

GtkWidget *
pct_look_expected_card_new(PctLook *look)
{
  GtkWidget *card = pct_look_card_new("expected", _("What to expect: PixCorr"), pct_curves_plot_draw);
  pct_look_expected_card_update(PCT_LOOK_CARD(card), look);
  return card;
}
