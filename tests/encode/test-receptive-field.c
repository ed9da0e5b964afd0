// SPDX-License-Identifier: GPL-3.0-or-later
// Receptive fields of cells whose Gabors are known: found again, through noise and correlated images; and what must
// hold for any recording: same bits, stopping, files, tiers that are not there.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "encode/receptive-field.h"
#include "encode/spike-triggered.h"
#include "gabor-recording.h"
#include "nn/safetensors.h"

static const Cell cells[] = {
  { CELL_SIMPLE, 15.3, 12.6, 35, 0.11, 2.6, 0.7, 40, 3, 1 },
  { CELL_ENERGY, 22.4, 10.2, 120, 0.13, 2.8, 1, 0, 2, -4 },
  { CELL_LINEAR, 19, 14, 80, 0.08, 3.5, 0.8, 100, 1, 7 },
  { CELL_FLAT, .offset = 2 },
  { CELL_SIMPLE, 24.8, 15.1, 160, 0.09, 3.4, 1, 250, 0.5, 0 },
  { CELL_ENERGY, 12.1, 9.3, 5, 0.08, 4.2, 0.8, 0, 30, 100 },
};
#define M ((int)G_N_ELEMENTS(cells))
#define HEIGHT 25
#define WIDTH 37
#define P (HEIGHT * WIDTH)
static const GaborRecording usual = { HEIGHT, WIDTH, 1500, 150, 0, 0.5, cells, M };

static PctReceptiveFields *
make(const PctRecording *recording, const PctRun *run, GError **error)
{
  g_autoptr(PctStatistics) statistics = pct_statistics_new(recording, NULL, NULL);
  return pct_receptive_fields_new(recording, statistics, run, error);
}

static PctReceptiveFields *
make_usual(const PctRun *run)
{
  g_autoptr(PctRecording) recording = gabor_recording_new(&usual);
  g_autoptr(GError) error = NULL;
  PctReceptiveFields *fields = make(recording, run, &error);
  g_assert_no_error(error);
  return fields;
}

// How well a field (P,) follows the cell's true filter.
static double
likeness(const Cell *cell, const float *field)
{
  double ab = 0, aa = 0, bb = 0;
  for (int i = 0; i < P; i++) {
    double a = gabor_recording_filter(cell, 0, i % WIDTH, i / WIDTH), b = field[i];
    ab += a * b;
    aa += a * a;
    bb += b * b;
  }
  return ab / sqrt(aa * bb);
}

static void
check_found(const Cell *cell, const PctGaborFit *fit)
{
  const PctGabor *g = &fit->gabor;
  double turn = fabs(g->orientation - cell->orientation);
  g_test_message("(%.1f, %.1f) %.0f deg %.3f size %.2f aspect %.2f phase %.0f; validation %.3f", g->x, g->y,
                 g->orientation, g->frequency, g->size, g->aspect, g->phase, fit->validation_correlation);
  g_assert_cmpint(fit->kind, ==, cell->kind == CELL_ENERGY ? PCT_GABOR_ENERGY : PCT_GABOR_SIMPLE);
  g_assert_cmpfloat(hypot(g->x - cell->x, g->y - cell->y), <, 0.5);
  g_assert_cmpfloat(MIN(turn, 180 - turn), <, 5);
  g_assert_cmpfloat(fabs(g->frequency / cell->frequency - 1), <, 0.1);
  g_assert_cmpfloat(fabs(g->size / cell->size - 1), <, 0.2);
  g_assert_cmpfloat(fabs(fit->offset - cell->offset), <, 0.25 * cell->amplitude);
  // A drive of one standard deviation: a half-rectified one's root mean square is the root of a half of that.
  double expected = cell->amplitude * (cell->kind == CELL_ENERGY ? G_SQRT2 : 1 / G_SQRT2);
  g_assert_cmpfloat(fabs(fit->amplitude / expected - 1), <, 0.15);
  g_assert_cmpfloat(fit->train_correlation, >, 0.6);
  g_assert_cmpfloat(fit->validation_correlation, >, 0.6);
}

static void
test_found(void)
{
  g_autoptr(PctReceptiveFields) fields = make_usual(NULL);
  double gained = 0;
  int n = 0;
  for (int i = 0; i < M; i++) {
    if (cells[i].kind == CELL_SIMPLE || cells[i].kind == CELL_ENERGY)
      check_found(&cells[i], &fields->gabors[i]);
    if (cells[i].kind == CELL_SIMPLE || cells[i].kind == CELL_LINEAR) {
      double raw = likeness(&cells[i], fields->sta + i * P), better = likeness(&cells[i], fields->decorrelated + i * P);
      g_test_message("cell %d: likeness of the average %.3f, decorrelated %.3f", i, raw, better);
      g_assert_cmpfloat(better, >, raw);
      gained += better - raw;
      n++;
      g_assert_cmpfloat(better, >, 0.7);
      g_assert_cmpfloat(hypot(fields->x[i] - cells[i].x, fields->y[i] - cells[i].y), <, 1.5);
      g_assert_cmpfloat(fields->spread[i], >, 0.5);
      g_assert_cmpfloat(fields->linear_correlation[i], >, 0.4);
    }
  }
  // One penalty serves all: some gain more than others.
  g_assert_cmpint(n, ==, 3);
  g_assert_cmpfloat(gained / n, >, 0.05);
  g_assert_false(fields->held_out);
  g_assert_cmpfloat(fields->penalty, >, 0);
}

// A neuron that never varies has a Gabor of NANs and fields of zeros, and spoils no other.
static void
test_flat(void)
{
  g_autoptr(PctReceptiveFields) fields = make_usual(NULL);
  const PctGaborFit *fit = &fields->gabors[3];
  g_assert_true(isnan(fit->train_correlation) && isnan(fit->validation_correlation) && isnan(fit->gabor.x) &&
                isnan(fit->amplitude) && isnan(fields->linear_correlation[3]));
  g_assert_true(isnan(fields->x[3]) && isnan(fields->spread[3]));
  for (int i = 0; i < P; i++)
    g_assert_cmpfloat(fabs(fields->sta[3 * P + i]), ==, 0);
}

// On white images the average is the filter itself: against a loop in double.
static void
test_average(void)
{
  const GaborRecording options = { 7, 9, 60, 10, 3, 0.5, cells, M };
  g_autoptr(PctRecording) recording = gabor_recording_new(&options);
  g_autoptr(PctReceptiveFields) fields = make(recording, NULL, NULL);
  enum { SMALL = 7 * 9 };
  int n;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  g_assert_cmpint(n, ==, 180);
  for (int j = 0; j < M; j++) {
    double mean = 0, variance = 0, images[SMALL] = { 0 }, sums[SMALL] = { 0 };
    float response[G_N_ELEMENTS(cells)], image[SMALL];
    for (int i = 0; i < n; i++) {
      pct_recording_read_responses(recording, trials[i], response);
      pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[i]), image);
      mean += response[j] / n;
      for (int k = 0; k < SMALL; k++)
        images[k] += image[k] / (double)n;
    }
    for (int i = 0; i < n; i++) {
      pct_recording_read_responses(recording, trials[i], response);
      variance += (response[j] - mean) * (response[j] - mean) / n;
    }
    for (int i = 0; i < n && variance > 0; i++) {
      pct_recording_read_responses(recording, trials[i], response);
      pct_recording_read_image(recording, pct_recording_get_trial_image(recording, trials[i]), image);
      for (int k = 0; k < SMALL; k++)
        sums[k] += (response[j] - mean) / sqrt(variance) * (image[k] - images[k]) / n;
    }
    for (int k = 0; k < SMALL; k++)
      g_assert_cmpfloat_with_epsilon(fields->sta[j * SMALL + k], sums[k], 1e-3);
  }
}

static void
assert_same(const PctReceptiveFields *a, const PctReceptiveFields *b)
{
  gsize n = (gsize)a->n_neurons * (gsize)a->height * (gsize)a->width * sizeof(float);
  g_assert_cmpint(a->n_neurons, ==, b->n_neurons);
  g_assert_cmpmem(a->sta, n, b->sta, n);
  g_assert_cmpmem(a->decorrelated, n, b->decorrelated, n);
  g_assert_cmpmem(a->x, M * sizeof(float), b->x, M * sizeof(float));
  g_assert_cmpmem(a->spread, M * sizeof(float), b->spread, M * sizeof(float));
}

static void
test_same_bits(void)
{
  g_autoptr(PctReceptiveFields) one = make_usual(NULL);
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(PctReceptiveFields) two = make_usual(&run);
  assert_same(one, two);
  for (int i = 0; i < M; i++) {
    const PctGaborFit *a = &one->gabors[i], *b = &two->gabors[i];
    g_assert_cmpint(a->kind, ==, b->kind);
    g_assert_cmpmem(&a->gabor, sizeof a->gabor, &b->gabor, sizeof b->gabor);
    g_assert_cmpmem(&a->amplitude, sizeof(double), &b->amplitude, sizeof(double));
    g_assert_cmpmem(&a->validation_correlation, sizeof(double), &b->validation_correlation, sizeof(double));
  }
}

typedef struct {
  int reports, stop_at;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  return ++listener->reports != listener->stop_at;
}

static void
test_cancel(void)
{
  g_autoptr(PctRecording) recording = gabor_recording_new(&(GaborRecording){ 9, 12, 60, 10, 0, 0.5, cells, M });
  Listener listener = { 0, -1 };
  PctRun run = { .func = listen, .data = &listener };
  g_autoptr(PctReceptiveFields) whole = make(recording, &run, NULL);
  g_assert_nonnull(whole);
  int n = listener.reports;
  g_assert_cmpint(n, >, 20);
  for (int i = 1; i <= n; i++) {
    listener = (Listener){ 0, i };
    g_autoptr(GError) error = NULL;
    g_assert_null(make(recording, &run, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    g_assert_cmpint(listener.reports, ==, i);
  }
}

static void
test_tiers(void)
{
  // Without a validation tier a part of the train images is held out; with next to no images nothing can be.
  g_autoptr(PctRecording) none = gabor_recording_new(&(GaborRecording){ HEIGHT, WIDTH, 1500, 0, 0, 0.5, cells, M });
  g_autoptr(PctReceptiveFields) held = make(none, NULL, NULL);
  g_assert_true(held->held_out);
  check_found(&cells[0], &held->gabors[0]);
  g_assert_cmpfloat(held->linear_correlation[0], >, 0.3);
  g_autoptr(PctRecording) few = gabor_recording_new(&(GaborRecording){ 5, 3, 3, 0, 2, 0.5, cells, M });
  g_autoptr(GError) error = NULL;
  g_autoptr(PctReceptiveFields) tiny = make(few, NULL, &error);
  g_assert_no_error(error);
  for (int i = 0; i < M; i++)
    g_assert_true(isnan(tiny->linear_correlation[i]) && isnan(tiny->gabors[i].validation_correlation));
  g_autoptr(PctRecording) one = gabor_recording_new(&(GaborRecording){ 5, 3, 1, 0, 4, 0.5, cells, M });
  g_assert_null(make(one, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_DIVERGED);
}

static void
test_file(void)
{
  g_autoptr(PctReceptiveFields) fields = make_usual(NULL);
  g_autofree char *folder = g_dir_make_tmp("percept-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "rf.safetensors", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_receptive_fields_save(fields, "abc", path, &error));
  g_autoptr(PctReceptiveFields) back = pct_receptive_fields_load(path, "abc", &error);
  g_assert_no_error(error);
  assert_same(fields, back);
  for (int i = 0; i < M; i++) {
    const PctGaborFit *a = &fields->gabors[i], *b = &back->gabors[i];
    g_assert_cmpint(isnan(a->gabor.x), ==, isnan(b->gabor.x));
    if (isnan(a->gabor.x))
      continue;
    g_assert_cmpint(a->kind, ==, b->kind);
    g_assert_cmpfloat_with_epsilon(a->gabor.x, b->gabor.x, 1e-4);
    g_assert_cmpfloat_with_epsilon(a->gabor.phase, b->gabor.phase, 1e-3);
    g_assert_cmpfloat_with_epsilon(a->offset, b->offset, 1e-3);
    g_assert_cmpfloat_with_epsilon(a->validation_correlation, b->validation_correlation, 1e-5);
  }
  g_assert_cmpfloat(back->penalty, ==, fields->penalty);
  g_assert_null(pct_receptive_fields_load(path, "another", &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  g_clear_error(&error);

  // Spoilt in one place at a time.
  static const struct { int column; float value; } spoilt[] = {
    { 0, 7 }, { 0, NAN }, { 3, 200 }, { 4, -1 }, { 5, 0 }, { 6, NAN }, { 8, INFINITY }, { 12, 3 },
  };
  for (guint i = 0; i <= G_N_ELEMENTS(spoilt) + 1; i++) {
    g_autoptr(PctTensors) tensors = pct_safetensors_load(path, NULL), changed = pct_tensors_new();
    pct_tensors_set_metadata(changed, "penalty", "1");
    for (guint k = 0; k < pct_tensors_get_n(tensors); k++) {
      const PctTensor *tensor = pct_tensors_get(tensors, k);
      gsize shape[PCT_TENSOR_MAX_RANK];
      memcpy(shape, tensor->shape, sizeof shape);
      g_autofree float *values = g_memdup2(tensor->values, tensor->count * sizeof(float));
      if (i < G_N_ELEMENTS(spoilt) && g_str_equal(tensor->name, "gabors"))
        values[spoilt[i].column] = spoilt[i].value;
      if (i == G_N_ELEMENTS(spoilt) && g_str_equal(tensor->name, "decorrelated"))
        shape[0]--;
      if (i == G_N_ELEMENTS(spoilt) + 1 && g_str_equal(tensor->name, "sta"))
        continue;
      pct_tensors_add(changed, tensor->name, values, tensor->rank, shape);
    }
    g_autofree char *other = g_build_filename(folder, "spoilt.safetensors", NULL);
    g_assert_true(pct_safetensors_save(changed, other, NULL));
    g_assert_null(pct_receptive_fields_load(other, NULL, &error));
    PctError expected = i == G_N_ELEMENTS(spoilt) ? PCT_ERROR_SHAPE : PCT_ERROR_FORMAT;
    g_assert_error(error, PCT_ERROR, (int)expected);
    g_clear_error(&error);
    g_remove(other);
  }
  g_assert_true(g_file_set_contents(path, "no tensors", -1, NULL));
  g_assert_null(pct_receptive_fields_load(path, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
  g_remove(path);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/receptive-field/found", test_found);
  g_test_add_func("/receptive-field/flat", test_flat);
  g_test_add_func("/receptive-field/average", test_average);
  g_test_add_func("/receptive-field/same-bits", test_same_bits);
  g_test_add_func("/receptive-field/cancel", test_cancel);
  g_test_add_func("/receptive-field/tiers", test_tiers);
  g_test_add_func("/receptive-field/file", test_file);
  return g_test_run();
}
