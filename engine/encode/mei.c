// SPDX-License-Identifier: GPL-3.0-or-later
// Filling a set. Work comes in slices of a few hundredths of a second, at the end of which the caller hears of it and
// may say stop; how it is cut into slices changes no bit, since each neuron's ascent keeps its own state. Where the
// readout looks at points, every thread takes one neuron after the other through the cropped encoder. Otherwise a fixed
// number of neurons goes side by side through the encoder itself, in batches always of the same size, each neuron in
// the place that its number says: a matrix product may round its rows differently, but each for itself.
#include "config.h"
#include "encode/mei.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "encode/cropped-encoder.h"
#include "encode/mei-private.h"

// Of a slice, in microseconds.
#define SLICE 50000
// Neurons side by side where nothing is cropped.
#define BATCH 16

typedef struct {
  PctMeiSet *set;
  const PctEncoder *encoder;
  guint64 seed;
  PctMeiRecipe recipe;
  int *rows;            // that are not ready, in order
  int n_rows;
  gint next;            // of rows, to be begun; atomic
  gint n_done, failed;  // atomic
} Filling;

static void
filling_clear(Filling *f)
{
  g_free(f->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filling, filling_clear)

// The rate of every neuron of the set at flat grey.
static gboolean
fill_baselines(const Filling *f, float *baselines, const PctRun *run, GError **error)
{
  gsize pixels = (gsize)f->recipe.height * (gsize)f->recipe.width;
  int m = pct_encoder_get_design(f->encoder)->n_neurons;
  g_autofree float *grey = g_new(float, pixels), *rates = g_new(float, m);
  for (gsize i = 0; i < pixels; i++)
    grey[i] = (float)f->recipe.mean;
  PctRun quiet = { .pool = pct_run_get_pool(run) };
  if (!pct_encoder_compute_rates(f->encoder, grey, 1, rates, &quiet, error))
    return FALSE;
  for (int i = 0; i < f->set->n; i++)
    baselines[i] = rates[f->set->neurons[i]];
  return TRUE;
}

// One ascent, and the row it is for; -1: none.
typedef struct {
  PctMeiAscent *ascent;
  int row;
  int next;                    // of the filling's rows, to be looked at; where not cropped
  PctCroppedScratch *scratch;  // where cropped
  float *gradient;             // (H,W)
} Climber;

static void
climber_clear(gpointer data)
{
  Climber *c = data;
  pct_mei_ascent_free(c->ascent);
  pct_cropped_scratch_free(c->scratch);
  g_free(c->gradient);
}

static GArray *
climbers_new(const Filling *f, guint n)
{
  GArray *climbers = g_array_new(FALSE, TRUE, sizeof(Climber));
  g_array_set_clear_func(climbers, climber_clear);
  for (guint i = 0; i < n; i++) {
    Climber c = { .ascent = pct_mei_ascent_new(&f->recipe), .row = -1,
                  .gradient = g_new(float, (gsize)f->recipe.height * (gsize)f->recipe.width) };
    g_array_append_val(climbers, c);
  }
  return climbers;
}

static void
begin_row(const Filling *f, Climber *c, int row)
{
  c->row = row;
  pct_mei_ascent_start(c->ascent, f->seed, f->set->neurons[row]);
}

// FALSE: no row is left.
static gboolean
begin_any_row(Filling *f, Climber *c)
{
  int at = g_atomic_int_add(&f->next, 1);
  if (at >= f->n_rows) {
    g_atomic_int_set(&f->next, f->n_rows);
    return FALSE;
  }
  begin_row(f, c, f->rows[at]);
  return TRUE;
}

// The next row whose neuron's place in a batch is this.
static gboolean
begin_row_at(const Filling *f, Climber *c, int place)
{
  for (; c->next < f->n_rows; c->next++)
    if (f->set->neurons[f->rows[c->next]] % BATCH == place) {
      begin_row(f, c, f->rows[c->next++]);
      return TRUE;
    }
  return FALSE;
}

// Takes the answer, and the row's result if that was the last.
static void
tell(Filling *f, Climber *c, float rate)
{
  if (!isfinite(rate)) {
    g_atomic_int_set(&f->failed, 1);
    c->row = -1;
    return;
  }
  pct_mei_ascent_tell(c->ascent, rate, c->gradient);
  if (!pct_mei_ascent_is_done(c->ascent))
    return;
  gsize pixels = (gsize)f->recipe.height * (gsize)f->recipe.width;
  memcpy(f->set->images + (gsize)c->row * pixels, pct_mei_ascent_get_image(c->ascent), pixels * sizeof(float));
  f->set->activations[c->row] = pct_mei_ascent_get_rate(c->ascent);
  pct_mei_set_mark_ready(f->set, c->row);
  g_atomic_int_inc(&f->n_done);
  c->row = -1;
}

static gboolean
report(Filling *f, const PctRun *run, GError **error)
{
  if (g_atomic_int_get(&f->failed)) {
    g_set_error_literal(error, PCT_ERROR, PCT_ERROR_DIVERGED,
                        _("The encoder answers an image with something that is not a number."));
    return FALSE;
  }
  int ready = f->set->n - f->n_rows + g_atomic_int_get(&f->n_done);
  return pct_run_step(run, ready, f->set->n, error);
}

typedef struct {
  Filling *filling;
  const PctCroppedEncoder *cropped;
  GArray *climbers;
  gint64 deadline;
} Slice;

static void
climb(gsize first, gsize end, guint thread, gpointer data)
{
  const Slice *slice = data;
  Filling *f = slice->filling;
  for (gsize i = first; i < end; i++) {
    Climber *c = &g_array_index(slice->climbers, Climber, i);
    // At least one step, or nothing would ever be done on a machine that is this slow.
    do {
      if (g_atomic_int_get(&f->failed) || (c->row < 0 && !begin_any_row(f, c)))
        break;
      float *gradient = pct_mei_ascent_wants_gradient(c->ascent) ? c->gradient : NULL;
      tell(f, c, pct_cropped_encoder_evaluate(slice->cropped, c->scratch, f->set->neurons[c->row],
                                              pct_mei_ascent_get_image(c->ascent), gradient));
    } while (g_get_monotonic_time() < slice->deadline);
  }
}

static gboolean
fill_cropped(Filling *f, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctCroppedEncoder) cropped = pct_cropped_encoder_new(f->encoder, NULL, error);
  g_autoptr(GArray) climbers = climbers_new(f, MIN(pct_pool_get_n_threads(pool), (guint)f->n_rows));
  if (!cropped)
    return FALSE;
  for (guint i = 0; i < climbers->len; i++)
    if (!(g_array_index(climbers, Climber, i).scratch = pct_cropped_scratch_new(cropped, error)))
      return FALSE;
  while (g_atomic_int_get(&f->n_done) < f->n_rows) {
    Slice slice = { f, cropped, climbers, g_get_monotonic_time() + SLICE };
    pct_parallel_for(pool, climbers->len, 1, climb, &slice);
    if (!report(f, run, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fill_whole(Filling *f, const PctRun *run, GError **error)
{
  gsize pixels = (gsize)f->recipe.height * (gsize)f->recipe.width;
  g_autoptr(GArray) climbers = climbers_new(f, BATCH);
  g_autofree float *images = g_new0(float, BATCH * pixels), *gradients = g_new(float, BATCH * pixels);
  PctRun quiet = { .pool = pct_run_get_pool(run) };
  while (f->n_done < f->n_rows) {
    // Without a row, a climber's place is kept by whatever was there.
    int neurons[BATCH] = { 0 };
    float rates[BATCH];
    for (gsize i = 0; i < BATCH; i++) {
      Climber *c = &g_array_index(climbers, Climber, i);
      if (c->row < 0 && !begin_row_at(f, c, (int)i))
        continue;
      neurons[i] = f->set->neurons[c->row];
      memcpy(images + i * pixels, pct_mei_ascent_get_image(c->ascent), pixels * sizeof(float));
    }
    if (!pct_encoder_compute_gradients(f->encoder, images, neurons, BATCH, rates, gradients, &quiet, error))
      return FALSE;
    for (gsize i = 0; i < BATCH; i++) {
      Climber *c = &g_array_index(climbers, Climber, i);
      if (c->row < 0)
        continue;
      memcpy(c->gradient, gradients + i * pixels, pixels * sizeof(float));
      tell(f, c, rates[i]);
    }
    if (!report(f, run, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check(const PctMeiSet *set, const PctEncoderDesign *design, GError **error)
{
  if (set->height != design->height || set->width != design->width) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE,
                _("The encoder sees images of %d × %d pixels, the most exciting inputs have %d × %d."), design->width,
                design->height, set->width, set->height);
    return FALSE;
  }
  for (int i = 0; i < set->n; i++)
    if (set->neurons[i] < 0 || set->neurons[i] >= design->n_neurons) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_SHAPE, _("There is no neuron %d: the encoder has %d."), set->neurons[i],
                  design->n_neurons);
      return FALSE;
    }
  return TRUE;
}

gboolean
pct_mei_set_fill(PctMeiSet *set, const PctEncoder *encoder, const PctOptionValues *options, guint64 seed,
                 const PctRun *run, GError **error)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  g_auto(Filling) f = { .set = set, .encoder = encoder, .seed = seed,
                        .recipe = pct_mei_recipe_of(options, design->height, design->width) };
  g_return_val_if_fail(f.recipe.contrast > 0 && f.recipe.mean > 0, FALSE);
  if (!check(set, design, error) || !pct_run_step(run, 0, set->n, error))
    return FALSE;
  set->mean = f.recipe.mean;
  set->contrast = f.recipe.contrast;
  set->seed = seed;
  f.rows = g_new(int, set->n + 1);
  for (int i = 0; i < set->n; i++)
    if (!pct_mei_set_is_ready(set, i))
      f.rows[f.n_rows++] = i;
  if (f.n_rows == 0)
    return TRUE;
  g_autofree float *baselines = g_new(float, set->n);
  if (!fill_baselines(&f, baselines, run, error))
    return FALSE;
  for (int i = 0; i < f.n_rows; i++)
    set->baselines[f.rows[i]] = baselines[f.rows[i]];
  return pct_cropped_encoder_is_for(design) ? fill_cropped(&f, run, error) : fill_whole(&f, run, error);
}

gboolean
pct_mei_cross_activation(const PctMeiSet *set, const int *rows, int n, const PctEncoder *encoder, float *out,
                         const PctRun *run, GError **error)
{
  const PctEncoderDesign *design = pct_encoder_get_design(encoder);
  if (!check(set, design, error))
    return FALSE;
  gsize pixels = (gsize)set->height * (gsize)set->width, m = (gsize)design->n_neurons, count = (gsize)n;
  g_autofree float *rates = g_new(float, m), *gains = g_new(float, count + 1);
  PctRun quiet = { .pool = pct_run_get_pool(run) };
  // A row at a time: all rates of all images would be as large as the recording.
  for (gsize i = 0; i < count; i++) {
    const float *image = set->images + (gsize)rows[i] * pixels;
    if (!pct_run_step(run, (double)i, n, error) || !pct_encoder_compute_rates(encoder, image, 1, rates, &quiet, error))
      return FALSE;
    for (gsize j = 0; j < count; j++)
      out[i * count + j] = rates[set->neurons[rows[j]]] - set->baselines[rows[j]];
    gains[i] = out[i * count + i];
  }
  for (gsize i = 0; i < count; i++)
    for (gsize j = 0; j < count; j++)
      out[i * count + j] = gains[j] > 0 ? out[i * count + j] / gains[j] : NAN;
  return pct_run_step(run, n, n, error);
}
