// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/score-row.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

struct _PctScoreRow {
  GObject parent_instance;
  PctRowKind kind;
  PctModel *model;
  char *title, *problem;
  PctTierScores *scores;
  PctJob *job;
};

G_DEFINE_FINAL_TYPE(PctScoreRow, pct_score_row, G_TYPE_OBJECT)

static guint changed_signal;

static void
finalize(GObject *object)
{
  PctScoreRow *self = PCT_SCORE_ROW(object);
  g_clear_object(&self->model);
  g_clear_object(&self->job);
  g_free(self->title);
  g_free(self->problem);
  pct_tier_scores_unref(self->scores);
  G_OBJECT_CLASS(pct_score_row_parent_class)->finalize(object);
}

static void
pct_score_row_class_init(PctScoreRowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = finalize;
  changed_signal = g_signal_new("changed", PCT_TYPE_SCORE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pct_score_row_init(PctScoreRow *self)
{
}

PctScoreRow *
pct_score_row_new(PctRowKind kind, PctModel *model)
{
  PctScoreRow *self = g_object_new(PCT_TYPE_SCORE_ROW, NULL);
  self->kind = kind;
  self->model = model ? g_object_ref(model) : NULL;
  const char *name = model ? pct_model_get_name(model) : NULL;
  switch (kind) {
    case PCT_ROW_MEAN_IMAGE: self->title = g_strdup(_("Mean image (floor)")); break;
    case PCT_ROW_NEAREST_NEIGHBOUR: self->title = g_strdup(_("Nearest neighbour (floor)")); break;
    case PCT_ROW_MODEL: self->title = g_strdup(name); break;
    case PCT_ROW_SHUFFLED: self->title = g_strdup_printf(_("%s, responses shuffled (floor)"), name); break;
  }
  return self;
}

void
pct_score_row_set(PctScoreRow *self, PctTierScores *scores, const char *problem)
{
  pct_tier_scores_unref(self->scores);
  self->scores = scores ? pct_tier_scores_ref(scores) : NULL;
  g_free(self->problem);
  self->problem = g_strdup(problem);
  g_signal_emit(self, changed_signal, 0);
}

void
pct_score_row_set_job(PctScoreRow *self, PctJob *job)
{
  g_set_object(&self->job, job);
}

PctJob *
pct_score_row_get_job(PctScoreRow *self)
{
  return self->job;
}

PctRowKind
pct_score_row_get_kind(PctScoreRow *self)
{
  return self->kind;
}

PctModel *
pct_score_row_get_model(PctScoreRow *self)
{
  return self->model;
}

const char *
pct_score_row_get_title(PctScoreRow *self)
{
  return self->title;
}

gboolean
pct_score_row_is_ready(PctScoreRow *self)
{
  return self->scores != NULL;
}

const char *
pct_score_row_get_problem(PctScoreRow *self)
{
  return self->problem;
}

double
pct_score_row_get_mean(PctScoreRow *self, PctFrame frame, PctMeasure measure)
{
  return self->scores ? self->scores->summary.mean[frame][measure] : NAN;
}

PctInterval
pct_score_row_get_interval(PctScoreRow *self, PctFrame frame, PctMeasure measure)
{
  return self->scores ? self->scores->summary.interval[frame][measure] : PCT_INTERVAL_UNKNOWN;
}

const float *
pct_score_row_get_values(PctScoreRow *self, PctFrame frame, PctMeasure measure, int *n, const int **images)
{
  *n = self->scores ? self->scores->score->n : 0;
  if (images)
    *images = self->scores ? self->scores->images : NULL;
  return self->scores ? self->scores->score->values[frame][measure] : NULL;
}

double
pct_score_row_get_image_value(PctScoreRow *self, PctFrame frame, PctMeasure measure, int image)
{
  if (!self->scores || image < 0 || image >= self->scores->n_images)
    return NAN;
  return self->scores->by_image[frame][measure][image];
}

typedef struct {
  const float *values;  // by image
  int sign;             // -1: the least is best
} Order;

static int
compare(const void *a, const void *b, void *data)
{
  const Order *order = data;
  int one = *(const int *)a, other = *(const int *)b;
  float here = order->values[one], there = order->values[other];
  return here == there ? (one > other) - (one < other) : order->sign * ((here < there) - (here > there));
}

int *
pct_score_row_dup_order(PctScoreRow *self, PctFrame frame, PctMeasure measure, int *n)
{
  *n = 0;
  if (!self->scores)
    return NULL;
  Order order = { self->scores->by_image[frame][measure], pct_measure_is_error(measure) ? -1 : 1 };
  int *images = g_new(int, MAX(self->scores->n_images, 1));
  for (int i = 0; i < self->scores->n_images; i++)
    if (isfinite(order.values[i]))
      images[(*n)++] = i;
  qsort_r(images, (gsize)*n, sizeof *images, compare, &order);
  return images;
}
