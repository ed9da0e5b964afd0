// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/trial-course.h"
#include <math.h>
#include <stdlib.h>

// Trials between two reports, and a chunk of the loop over them.
#define BLOCK 1024
#define CHUNK 16
// Fewer trials than this with a gain by regression, and the mean z-score stands for it.
#define LEAST_REGRESSED 20
// The running mean covers about this share of the trials.
#define WINDOWS 40
#define NOTABLE 0.1

typedef struct {
  const PctRecording *recording;
  const PctStatistics *statistics;
  const guint8 *varies;  // (M,)
  PctTrialCourse *out;
  int offset;
} Task;

static void
read_z(const Task *task, int trial, float *out)
{
  const PctStatistics *statistics = task->statistics;
  pct_recording_read_responses(task->recording, trial, out);
  for (int j = 0; j < statistics->n_neurons; j++)
    out[j] = task->varies[j] ? (out[j] - statistics->response_mean[j]) / statistics->response_scale[j] : 0;
}

static void
average_trials(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  int m = task->statistics->n_neurons, n = 0;
  g_autofree float *z = g_new(float, m);
  for (int j = 0; j < m; j++)
    n += task->varies[j];
  for (gsize i = first; i < end; i++) {
    int trial = task->offset + (int)i;
    double sum = 0;
    read_z(task, trial, z);
    for (int j = 0; j < m; j++)
      sum += z[j];
    task->out->mean[trial] = n > 0 ? sum / n : NAN;
  }
}

// The slope of z (m,) on the mean of the n - 1 others, whose sum is sum - z, over the neurons that vary.
static double
regress(const Task *task, const float *z, const double *sum, int n)
{
  int m = task->statistics->n_neurons, count = 0;
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (int j = 0; j < m; j++)
    if (task->varies[j]) {
      mean_x += (sum[j] - z[j]) / (n - 1);
      mean_y += z[j];
      count++;
    }
  if (count < 2)
    return NAN;
  mean_x /= count;
  mean_y /= count;
  for (int j = 0; j < m; j++)
    if (task->varies[j]) {
      double x = (sum[j] - z[j]) / (n - 1) - mean_x;
      xx += x * x;
      xy += x * (z[j] - mean_y);
    }
  return xx > 0 ? xy / xx : NAN;
}

static void
regress_images(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  int m = task->statistics->n_neurons;
  g_autofree float *z = g_new(float, m);
  g_autofree double *sum = g_new(double, m);
  for (gsize i = first; i < end; i++) {
    int n;
    const int *trials = pct_recording_get_image_trials(task->recording, task->offset + (int)i, &n);
    if (n < 2)
      continue;
    for (int j = 0; j < m; j++)
      sum[j] = 0;
    for (int t = 0; t < n; t++) {
      read_z(task, trials[t], z);
      for (int j = 0; j < m; j++)
        sum[j] += z[j];
    }
    for (int t = 0; t < n; t++) {
      read_z(task, trials[t], z);
      task->out->gain[trials[t]] = regress(task, z, sum, n);
    }
  }
}

static gboolean
run_blocks(Task *task, int n, PctParallelFunc func, const PctRun *run, GError **error)
{
  for (task->offset = 0; task->offset < n; task->offset += BLOCK) {
    int count = MIN(BLOCK, n - task->offset);
    pct_parallel_for(pct_run_get_pool(run), (gsize)count, CHUNK, func, task);
    if (!pct_run_step(run, task->offset + count, n, error))
      return FALSE;
  }
  return TRUE;
}

static void
smooth(PctTrialCourse *self)
{
  int n = self->n_trials, half = n / WINDOWS / 2;
  self->window = 2 * half + 1;
  for (int i = 0; i < n; i++) {
    int from = MAX(i - half, 0), to = MIN(i + half, n - 1);
    double sum = 0;
    for (int k = from; k <= to; k++)
      sum += self->mean[self->order[k]];
    self->running[i] = sum / (to - from + 1);
  }
}

static void
find_trend(PctTrialCourse *self)
{
  gsize n = (gsize)MAX(self->n_trials, 0);
  g_autofree double *x = g_new(double, n), *y = g_new(double, n);
  for (gsize i = 0; i < n; i++) {
    x[i] = (double)i;
    y[i] = self->mean[self->order[i]];
  }
  self->trend = pct_trend(x, y, n);
}

static void
choose_gain(PctTrialCourse *self)
{
  int n = 0;
  for (int i = 0; i < self->n_trials; i++)
    n += isfinite(self->gain[i]) != 0;
  self->regression = n >= LEAST_REGRESSED;
  self->n_gains = self->regression ? n : self->n_trials;
  for (int i = 0; i < self->n_trials && !self->regression; i++)
    self->gain[i] = self->mean[i];
}

typedef struct {
  double time;
  int trial;
} Timed;

static int
compare(const void *a, const void *b)
{
  const Timed *x = a, *y = b;
  return x->time != y->time ? (x->time > y->time ? 1 : -1) : x->trial - y->trial;
}

// The file's order, or that of the trials' times, if all have one.
static void
find_order(PctTrialCourse *self, const double *times)
{
  int n = self->n_trials;
  g_autofree Timed *timed = g_new(Timed, n);
  self->timed = times != NULL;
  for (int i = 0; i < n && self->timed; i++)
    self->timed = isfinite(times[i]);
  for (int i = 0; i < n; i++)
    timed[i] = (Timed){ self->timed ? times[i] : i, i };
  qsort(timed, (gsize)n, sizeof *timed, compare);
  for (int i = 0; i < n; i++)
    self->order[i] = timed[i].trial;
}

PctTrialCourse *
pct_trial_course_new(const PctRecording *recording, const PctStatistics *statistics, const PctRun *run, GError **error)
{
  g_autoptr(PctTrialCourse) self = g_new0(PctTrialCourse, 1);
  int n = self->n_trials = pct_recording_get_n_trials(recording), m = statistics->n_neurons;
  self->order = g_new(int, n);
  self->mean = g_new(double, n);
  self->running = g_new(double, n);
  self->gain = g_new(double, n);
  g_autofree guint8 *varies = g_new(guint8, m);
  for (int j = 0; j < m; j++)
    varies[j] = statistics->response_std[j] > 0;
  for (int i = 0; i < n; i++)
    self->gain[i] = NAN;
  find_order(self, pct_recording_get_trial_time(recording));
  Task task = { recording, statistics, varies, self, 0 };
  PctRunPart averaging, regressing;
  if (!run_blocks(&task, n, average_trials, pct_run_part(&averaging, run, 0, 1, 3), error) ||
      !run_blocks(&task, pct_recording_get_n_images(recording), regress_images,
                  pct_run_part(&regressing, run, 1, 2, 3), error))
    return NULL;
  smooth(self);
  find_trend(self);
  choose_gain(self);
  return g_steal_pointer(&self);
}

void
pct_trial_course_free(PctTrialCourse *course)
{
  if (!course)
    return;
  g_free(course->order);
  g_free(course->mean);
  g_free(course->running);
  g_free(course->gain);
  g_free(course);
}

double
pct_trial_course_get_drift(const PctTrialCourse *course)
{
  return course->trend.slope * (course->n_trials - 1);
}

gboolean
pct_trial_course_drifts(const PctTrialCourse *course)
{
  PctInterval interval = course->trend.interval;
  return (interval.low > 0 || interval.high < 0) && fabs(pct_trial_course_get_drift(course)) >= NOTABLE;
}
