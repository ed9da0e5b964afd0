// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps against loops that are as plain as can be: the vectors of each kind, and their pictures by a small decoder
// made here, pixel j = n_averaged * (1 r_0 + 2 r_1 + ..) + (j + 1) z.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/sweep-pictures.h"
#include "small-recording.h"

enum { M = 7, H = 2, W = 3, P = H * W };

static int n_latent = 1, largest_batch;

static int
plain_latent(const PctDecoder *decoder)
{
  return n_latent;
}

static void
plain_free(PctDecoder *decoder)
{
  g_free(decoder);
}

static float
plain_pixel(const float *responses, double n_averaged, float z, gsize pixel)
{
  double sum = 0;
  for (int j = 0; j < M; j++)
    sum += (j + 1) * responses[j];
  return (float)(n_averaged * sum + (double)(pixel + 1) * z);
}

static gboolean
plain_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                  float *images, const PctRun *run, GError **error)
{
  largest_batch = MAX(largest_batch, (int)n);
  for (gsize i = 0; i < n; i++) {
    for (gsize p = 0; p < P; p++)
      images[i * P + p] = plain_pixel(responses + i * M, n_averaged, z ? z[i] : 0, p);
    if (!pct_run_step(run, (double)(i + 1), (double)n, error))
      return FALSE;
  }
  return TRUE;
}

static const PctDecoderClass plain_class = {
  .about = { .role = PCT_ROLE_DECODER, .kind = "plain" },
  .get_latent = plain_latent,
  .reconstruct = plain_reconstruct,
  .free = plain_free,
};

static PctDecoder *
plain_new(void)
{
  PctDecoder *decoder = g_new0(PctDecoder, 1);
  pct_decoder_init(decoder, &plain_class, M, H, W);
  return decoder;
}

// 3 trials a train and test image, 1 a validation image.
static PctRecording *
recording_new(void)
{
  SmallRecording options = { 30, 5, 6, M, H, W, 0.5, 1, 3 };
  return small_recording_new(&options);
}

static const float here[M] = { 1, -2, 3, 0.5f, 0, 2, -1 };
static const PctSweepStart start = { 0, here, 4 };

static PctSweep *
make(const PctSweepRecipe *recipe, const PctSweepStart *from, const PctRecording *recording)
{
  g_autoptr(GError) error = NULL;
  PctSweep *sweep = pct_sweep_new(recipe, from, recording, NULL, &error);
  g_assert_no_error(error);
  return sweep;
}

static void
test_alone(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  PctSweepRecipe recipe = { PCT_SWEEP_ALONE, { 3 }, { -1 }, { 2 }, { 7 } };
  g_autoptr(PctSweep) sweep = make(&recipe, &start, recording);
  g_assert_true(sweep->n == 7 && sweep->n_columns == 7);
  for (gsize i = 0; i < 7; i++) {
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat(sweep->responses[i * M + (gsize)j], ==, j == 3 ? -1 + 0.5f * (float)i : here[j]);
    g_assert_cmpfloat(sweep->values[2 * i], ==, -1 + 0.5f * (float)i);
    g_assert_cmpfloat(sweep->n_averaged[i], ==, 4);
    g_assert_cmpint(pct_sweep_find_nearest(sweep, sweep->responses + i * M), ==, (int)i);
  }
  g_assert_true(pct_sweep_find_nearest(sweep, here) == 3);
  // Far beyond the last: outside.
  g_autofree float *beyond = g_memdup2(sweep->responses + (sweep->n - 1) * M, M * sizeof(float));
  for (int j = 0; j < M; j++)
    beyond[j] += 2.5f * (beyond[j] - sweep->responses[(sweep->n - 2) * M + (gsize)j]);
  g_assert_cmpint(pct_sweep_find_nearest(sweep, beyond), ==, -1);
  // The end is the end, to the last bit.
  recipe.from[0] = 0.1f;
  recipe.to[0] = 0.7f;
  g_autoptr(PctSweep) odd = make(&recipe, &start, recording);
  g_assert_cmpfloat(odd->values[12], ==, 0.7f);
  recipe.n_steps[0] = 1;
  g_autoptr(PctSweep) one = make(&recipe, &start, recording);
  g_assert_cmpfloat(one->values[0], ==, 0.1f);
}

static void
test_companions(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  enum { NEURON = 2 };
  int n;
  const int *trials = pct_recording_get_tier_trials(recording, PCT_TIER_TRAIN, &n);
  g_assert_cmpint(n, ==, 90);  // so that there is more than one block of trials
  double mean[M] = { 0 }, slopes[M];
  g_autofree float *rows = g_new(float, n * M);
  pct_recording_read_trials(recording, trials, n, rows);
  for (int t = 0; t < n; t++)
    for (int j = 0; j < M; j++)
      mean[j] += rows[t * M + j] / n;
  for (int j = 0; j < M; j++) {
    double covariance = 0, variance = 0;
    for (int t = 0; t < n; t++) {
      covariance += (rows[t * M + j] - mean[j]) * (rows[t * M + NEURON] - mean[NEURON]);
      variance += (rows[t * M + NEURON] - mean[NEURON]) * (rows[t * M + NEURON] - mean[NEURON]);
    }
    slopes[j] = covariance / variance;
  }
  PctSweepRecipe recipe = { PCT_SWEEP_COMPANIONS, { NEURON }, { 0 }, { 5 }, { 6 } };
  g_autoptr(PctSweep) sweep = make(&recipe, &start, recording);
  double moved = 0;
  for (gsize i = 0; i < 6; i++)
    for (int j = 0; j < M; j++) {
      double by = (double)i - here[NEURON];
      g_assert_cmpfloat_with_epsilon(sweep->responses[i * M + (gsize)j], here[j] + slopes[j] * by, 1e-5);
      moved += j != NEURON ? fabs(slopes[j] * by) : 0;
    }
  g_assert_cmpfloat(moved, >, 0.5);
  // A step taken leads along the same line.
  PctSweepStart there = { 0, sweep->responses + 5 * M, 4 };
  g_autoptr(PctSweep) again = make(&recipe, &there, recording);
  for (int i = 0; i < 6 * M; i++)
    g_assert_cmpfloat_with_epsilon(again->responses[i], sweep->responses[i], 1e-5);
}

static void
test_grid(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  PctSweepRecipe recipe = { PCT_SWEEP_GRID, { 5, 1 }, { 0, 10 }, { 2, 13 }, { 3, 4 } };
  g_autoptr(PctSweep) sweep = make(&recipe, &start, recording);
  g_assert_true(sweep->n == 12 && sweep->n_columns == 4);
  for (int row = 0; row < 3; row++)
    for (int column = 0; column < 4; column++)
      for (int j = 0; j < M; j++)
        g_assert_cmpfloat(sweep->responses[(row * 4 + column) * M + j], ==,
                          j == 5 ? row : j == 1 ? 10 + column : here[j]);
  g_assert_true(sweep->values[2 * 7] == 1 && sweep->values[2 * 7 + 1] == 13);
}

// An image of a tier, the i-th.
static int
image_of(const PctRecording *recording, PctTier tier, int i)
{
  int n;
  const int *images = pct_recording_get_tier_images(recording, tier, &n);
  g_assert_cmpint(i, <, n);
  return images[i];
}

static void
test_walk(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  int three = image_of(recording, PCT_TIER_TEST, 1), single = image_of(recording, PCT_TIER_VALIDATION, 2), n;
  float mean[M], trial[M];
  PctSweepRecipe recipe = { PCT_SWEEP_WALK, .n_steps = { 5 }, .image = three, .repeat = -1 };
  g_assert_cmpint(pct_recording_read_mean_responses(recording, three, mean), ==, 3);
  g_autoptr(PctSweep) sweep = make(&recipe, &start, recording);
  for (int i = 0; i < 5; i++) {
    double t = i / 4.0;
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat_with_epsilon(sweep->responses[i * M + j], (1 - t) * here[j] + t * mean[j], 1e-5);
    g_assert_cmpfloat_with_epsilon(1 / sweep->n_averaged[i], (1 - t) / 4 + t / 3, 1e-9);
    g_assert_cmpfloat(sweep->values[2 * i], ==, t);
  }
  g_assert_cmpint(memcmp(sweep->responses, here, sizeof here), ==, 0);
  g_assert_cmpint(memcmp(sweep->responses + 4 * M, mean, sizeof mean), ==, 0);
  // To one trial, from another: single all the way.
  recipe.repeat = 2;
  const int *trials = pct_recording_get_image_trials(recording, three, &n);
  pct_recording_read_responses(recording, trials[2], trial);
  PctSweepStart of_one = { 0, here, 1 };
  g_autoptr(PctSweep) to_trial = make(&recipe, &of_one, recording);
  g_assert_cmpint(memcmp(to_trial->responses + 4 * M, trial, sizeof trial), ==, 0);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat(to_trial->n_averaged[i], ==, 1);
  recipe.image = single;  // has one trial only: that one
  g_autoptr(PctSweep) to_single = make(&recipe, &of_one, recording);
  pct_recording_read_mean_responses(recording, single, mean);
  g_assert_cmpint(memcmp(to_single->responses + 4 * M, mean, sizeof mean), ==, 0);
}

static void
test_repeats(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  int a = image_of(recording, PCT_TIER_TEST, 0), b = image_of(recording, PCT_TIER_TEST, 3), n;
  float of_a[3][M], of_b[3][M];
  const int *trials = pct_recording_get_image_trials(recording, a, &n);
  pct_recording_read_trials(recording, trials, 3, &of_a[0][0]);
  trials = pct_recording_get_image_trials(recording, b, &n);
  pct_recording_read_trials(recording, trials, 3, &of_b[0][0]);
  PctSweepRecipe recipe = { PCT_SWEEP_REPEATS, .n_steps = { 1 }, .image = -1 };
  PctSweepStart from = { a, here, 3 };
  g_autoptr(PctSweep) own = make(&recipe, &from, recording);
  g_assert_true(own->n == 3 && own->n_averaged[1] == 1 && own->values[4] == 2);
  g_assert_cmpint(memcmp(own->responses, of_a, sizeof of_a), ==, 0);

  recipe.image = b;
  g_autoptr(PctSweep) exchange = make(&recipe, &from, recording);
  g_assert_true(exchange->n == 4);
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < M; j++) {
      double sum = 0;
      for (int t = 0; t < 3; t++)
        sum += t < i ? of_b[t][j] : of_a[t][j];
      g_assert_cmpfloat_with_epsilon(exchange->responses[i * M + j], sum / 3, 1e-5);
    }
    g_assert_cmpfloat(exchange->n_averaged[i], ==, 3);
  }
  // As many as the one with fewer has.
  recipe.image = image_of(recording, PCT_TIER_VALIDATION, 0);
  g_autoptr(PctSweep) short_one = make(&recipe, &from, recording);
  g_assert_true(short_one->n == 2 && short_one->n_averaged[1] == 1);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return --*(int *)data > 0;
}

static void
test_refusals(void)
{
  PctRecordingData data = { .name = g_strdup("odd"), .n_images = 3, .height = 1, .width = 1, .n_trials = 2,
                            .n_neurons = M };
  data.image_bytes = g_new0(guint8, 3);
  data.responses_float = g_new0(float, 2 * M);
  data.responses_float[0] = 1;  // neuron 0 changes, neuron 1 does not
  data.image_index = g_memdup2((gint32[]){ 0, 1 }, 2 * sizeof(gint32));
  data.tiers = g_new0(guint8, 2);
  g_autoptr(GError) error = NULL;
  g_autoptr(PctRecording) recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  PctSweepRecipe walk = { PCT_SWEEP_WALK, .n_steps = { 3 }, .image = 2, .repeat = -1 };
  g_assert_null(pct_sweep_new(&walk, &start, recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "image 2"));
  g_clear_error(&error);
  walk.kind = PCT_SWEEP_REPEATS;
  g_assert_null(pct_sweep_new(&walk, &start, recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  PctSweepRecipe companions = { PCT_SWEEP_COMPANIONS, { 1 }, { 0 }, { 1 }, { 3 } };
  g_assert_null(pct_sweep_new(&companions, &start, recording, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  g_assert_nonnull(strstr(error->message, "Neuron 1"));
  g_clear_error(&error);
  companions.neurons[0] = 0;
  int left = 1;
  PctRun run = { stop, &left };
  g_assert_null(pct_sweep_new(&companions, &start, recording, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

// A grid of 20 steps: several batches, the last one not full.
static PctSweep *
twenty(const PctRecording *recording)
{
  PctSweepRecipe recipe = { PCT_SWEEP_GRID, { 0, 6 }, { 0, 1 }, { 3, 3 }, { 4, 5 } };
  return make(&recipe, &start, recording);
}

static PctSweepPictures *
draw(const PctSweep *sweep, const PctDecoder *decoder, const PctSweepOptions *options)
{
  g_autoptr(GError) error = NULL;
  PctSweepPictures *pictures = pct_sweep_pictures_new(sweep, decoder, options, &error);
  g_assert_no_error(error);
  g_assert_true(pct_sweep_pictures_draw(pictures, sweep, decoder, options, NULL, &error));
  g_assert_no_error(error);
  g_assert_true(pct_sweep_pictures_is_done(pictures) && pictures->n_ready == sweep->n);
  return pictures;
}

static void
test_fixed_and_redrawn(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctSweep) sweep = twenty(recording);
  sweep->n_averaged[5] = 2;  // one that must not share a call with the others
  g_autoptr(PctDecoder) decoder = plain_new();
  float z = 0.75f;
  PctSweepOptions options = PCT_SWEEP_OPTIONS_DEFAULT;
  largest_batch = 0;
  for (int given = 0; given < 2; given++) {
    options.z = given ? &z : NULL;
    g_autoptr(PctSweepPictures) pictures = draw(sweep, decoder, &options);
    for (gsize i = 0; i < 20; i++)
      for (gsize p = 0; p < P; p++)
        g_assert_cmpfloat(pictures->pictures[i * P + p], ==,
                          plain_pixel(sweep->responses + i * M, sweep->n_averaged[i], given ? z : 0, p));
    g_assert_null(pictures->spread);
    g_assert_true(isnan(pct_sweep_pictures_get_spread(pictures, G_MAXSIZE)));
  }
  g_assert_cmpint(largest_batch, >, 1);
  options.latent = PCT_SWEEP_LATENT_REDRAWN;
  options.seed = 9;
  g_autoptr(PctSweepPictures) redrawn = draw(sweep, decoder, &options);
  g_autoptr(PctSweepPictures) again = draw(sweep, decoder, &options);
  options.seed = 10;
  g_autoptr(PctSweepPictures) other = draw(sweep, decoder, &options);
  for (gsize i = 0; i < 20; i++) {
    float drawn;
    pct_random_fill_normal(&drawn, 1, 9, i);
    for (gsize p = 0; p < P; p++)
      g_assert_cmpfloat(redrawn->pictures[i * P + p], ==,
                        plain_pixel(sweep->responses + i * M, sweep->n_averaged[i], drawn, p));
  }
  g_assert_cmpint(memcmp(redrawn->pictures, again->pictures, 20 * P * sizeof(float)), ==, 0);
  g_assert_cmpint(memcmp(redrawn->pictures, other->pictures, 20 * P * sizeof(float)), !=, 0);
}

static void
test_averaged(void)
{
  enum { DRAWS = 11 };
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctSweep) sweep = twenty(recording);
  g_autoptr(PctDecoder) decoder = plain_new();
  PctSweepOptions options = { PCT_SWEEP_LATENT_AVERAGED, .seed = 5, .n_draws = DRAWS };
  g_autoptr(PctSweepPictures) pictures = draw(sweep, decoder, &options);
  double all = 0;
  for (gsize i = 0; i < 20; i++) {
    double of_one = 0;
    for (gsize p = 0; p < P; p++) {
      double values[DRAWS], mean = 0, square = 0;
      for (gsize d = 0; d < DRAWS; d++) {
        float z;
        pct_random_fill_normal(&z, 1, 5, d);
        values[d] = plain_pixel(sweep->responses + i * M, 4, z, p);
        mean += values[d] / DRAWS;
      }
      for (gsize d = 0; d < DRAWS; d++)
        square += (values[d] - mean) * (values[d] - mean) / (DRAWS - 1);
      g_assert_cmpfloat_with_epsilon(pictures->pictures[i * P + p], mean, 1e-4);
      g_assert_cmpfloat_with_epsilon(pictures->spread[i * P + p], sqrt(square), 1e-4);
      of_one += square / P;
      all += square / P / 20;
    }
    g_assert_cmpfloat_with_epsilon(pct_sweep_pictures_get_spread(pictures, i), sqrt(of_one), 1e-4);
  }
  g_assert_cmpfloat_with_epsilon(pct_sweep_pictures_get_spread(pictures, G_MAXSIZE), sqrt(all), 1e-4);
  // The same draws for every picture: what differs between pictures is the responses' doing alone.
  float between = pictures->pictures[P] - pictures->pictures[0];
  for (gsize p = 0; p < P; p++)
    g_assert_cmpfloat_with_epsilon(pictures->pictures[P + p] - pictures->pictures[p], between, 1e-4);
}

// What the sweep does, of a decoder whose pixels all move alike.
static void
test_change(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctDecoder) decoder = plain_new();
  PctSweepRecipe recipe = { PCT_SWEEP_ALONE, { 1 }, { 0 }, { 2 }, { 3 } };
  g_autoptr(PctSweep) sweep = make(&recipe, &start, recording);
  PctSweepOptions options = PCT_SWEEP_OPTIONS_DEFAULT;
  g_autoptr(PctSweepPictures) pictures = draw(sweep, decoder, &options);
  g_assert_cmpfloat_with_epsilon(pct_sweep_pictures_get_change(pictures), 4 * 2, 1e-4);  // 0, 8, 16
  pictures->n_ready = 1;
  g_assert_true(isnan(pct_sweep_pictures_get_change(pictures)));
}

// Stopped anywhere, and gone on with: the same bits.
static void
test_stop(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctSweep) sweep = twenty(recording);
  g_autoptr(PctDecoder) decoder = plain_new();
  PctSweepOptions options = { PCT_SWEEP_LATENT_AVERAGED, .seed = 5, .n_draws = 11 };
  g_autoptr(PctSweepPictures) whole = draw(sweep, decoder, &options);
  for (int at = 1; at < 60; at += 7) {
    int left = at;
    PctRun run = { stop, &left };
    g_autoptr(GError) error = NULL;
    g_autoptr(PctSweepPictures) pictures = pct_sweep_pictures_new(sweep, decoder, &options, &error);
    g_assert_false(pct_sweep_pictures_draw(pictures, sweep, decoder, &options, &run, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    g_assert_true(pictures->n_ready < 20);
    g_clear_error(&error);
    g_assert_true(pct_sweep_pictures_draw(pictures, sweep, decoder, &options, NULL, &error));
    g_assert_cmpint(memcmp(pictures->pictures, whole->pictures, 20 * P * sizeof(float)), ==, 0);
    g_assert_cmpint(memcmp(pictures->spread, whole->spread, 20 * P * sizeof(float)), ==, 0);
  }
}

static void
test_no_latent(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctSweep) sweep = twenty(recording);
  g_autoptr(PctDecoder) decoder = plain_new();
  n_latent = 0;
  for (int latent = 1; latent < PCT_N_SWEEP_LATENTS; latent++) {
    PctSweepOptions options = { (PctSweepLatent)latent, NULL, 1, 4 };
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_sweep_pictures_new(sweep, decoder, &options, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  }
  PctSweepOptions fixed = PCT_SWEEP_OPTIONS_DEFAULT;
  g_autoptr(PctSweepPictures) pictures = draw(sweep, decoder, &fixed);
  g_assert_cmpfloat(pictures->pictures[0], ==, plain_pixel(sweep->responses, 4, 0, 0));
  n_latent = 1;
}

static double last_step;

static gboolean
never_back(const PctProgress *progress, gpointer data)
{
  g_assert_cmpfloat(progress->step, >=, last_step);
  g_assert_cmpfloat(progress->step, <=, progress->total);
  last_step = progress->step;
  return TRUE;
}

static void
test_progress(void)
{
  g_autoptr(PctRecording) recording = recording_new();
  g_autoptr(PctSweep) sweep = twenty(recording);
  sweep->n_averaged[5] = 2;
  g_autoptr(PctDecoder) decoder = plain_new();
  PctSweepOptions options = PCT_SWEEP_OPTIONS_DEFAULT;
  g_autoptr(PctSweepPictures) pictures = pct_sweep_pictures_new(sweep, decoder, &options, NULL);
  PctRun run = { never_back };
  last_step = 0;
  g_assert_true(pct_sweep_pictures_draw(pictures, sweep, decoder, &options, &run, NULL));
  g_assert_cmpfloat(last_step, ==, 20);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/decode/sweep/alone", test_alone);
  g_test_add_func("/decode/sweep/companions", test_companions);
  g_test_add_func("/decode/sweep/grid", test_grid);
  g_test_add_func("/decode/sweep/walk", test_walk);
  g_test_add_func("/decode/sweep/repeats", test_repeats);
  g_test_add_func("/decode/sweep/refusals", test_refusals);
  g_test_add_func("/decode/sweep/fixed-and-redrawn", test_fixed_and_redrawn);
  g_test_add_func("/decode/sweep/averaged", test_averaged);
  g_test_add_func("/decode/sweep/change", test_change);
  g_test_add_func("/decode/sweep/stop", test_stop);
  g_test_add_func("/decode/sweep/no-latent", test_no_latent);
  g_test_add_func("/decode/sweep/progress", test_progress);
  return g_test_run();
}
