// SPDX-License-Identifier: GPL-3.0-or-later
// Curves of lesions against loops by hand, over a tier and of one image; a neuron that alone draws a patch; what the number
// of threads may not change; and a stop wherever it comes.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/recording-subset.h"
#include "decode/evaluate.h"
#include "decode/lesion.h"
#include "decode/ridge.h"
#include "small-recording.h"

#define M 24
static const SmallRecording small = { 60, 12, 8, M, 12, 16, 0.5, 3, .repeats = 2, .gratings = TRUE };
static const int order[] = { 20, 3, 11, 4, 0, 23, 7 };
#define N_ORDER ((int)G_N_ELEMENTS(order))

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctOptionValues *options;
  PctDecoder *decoder;
  PctScoreSet *set;
  PctLesion lesion;
} World;

// recording: taken.
static void
world_init(World *world, PctRecording *recording)
{
  g_autoptr(GError) error = NULL;
  world->recording = recording;
  world->statistics = pct_statistics_new(recording, NULL, NULL);
  world->options = pct_option_values_new(pct_ridge_class.about.options);
  PctFit fit = { .recording = recording, .statistics = world->statistics, .options = world->options, .seed = 5 };
  world->decoder = pct_decoder_fit(&pct_ridge_class, &fit, NULL, &error);
  g_assert_no_error(error);
  world->set = pct_score_set_new(recording, PCT_TIER_TEST, TRUE);
  world->set->mean_image = world->statistics->mean_image;
  world->lesion = (PctLesion){ .mean = world->statistics->response_mean, .order = order, .n_order = N_ORDER,
                               .n_random = 3, .seed = 9 };
}

static void
world_clear(World *world)
{
  pct_score_set_free(world->set);
  pct_decoder_unref(world->decoder);
  pct_option_values_free(world->options);
  pct_statistics_free(world->statistics);
  pct_recording_unref(world->recording);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static gboolean
has(const int *numbers, int n, int number)
{
  for (int i = 0; i < n; i++)
    if (numbers[i] == number)
      return TRUE;
  return FALSE;
}

// By hand: the value of every neuron asked for one by one.
static void
silence_naively(const World *world, const int *chosen, int count, const float *from, float *to, int rows)
{
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < M; j++)
      to[i * M + j] = has(chosen, count, j) != world->lesion.others ? world->statistics->response_mean[j] : from[i * M + j];
}

static PctScore *
score_naively(const World *world, const int *chosen, int count)
{
  PctScoreSet set = *world->set;
  g_autofree float *responses = g_new(float, set.n * M);
  silence_naively(world, chosen, count, world->set->responses, responses, set.n);
  set.responses = responses;
  return pct_decoder_score(world->decoder, &set, NULL, NULL, NULL);
}

static void
test_tier(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, small_recording_new(&small));
  for (int others = 0; others < 2; others++)
    for (int count = 0; count <= N_ORDER; count++) {
      world.lesion.others = others;
      PctLesionPoint point;
      g_autoptr(GError) error = NULL;
      g_assert_true(pct_lesion_measure(&world.lesion, world.decoder, world.set, count, &point, NULL, &error));
      g_assert_cmpint(point.count, ==, count);
      g_assert_cmpint(point.n_silenced, ==, others ? M - count : count);
      g_autoptr(PctScore) wanted = score_naively(&world, order, count);
      PctScore *random[3];
      for (int r = 0; r < 3; r++) {
        int chosen[M];
        if (count > 0)
          pct_choose_nested(M, count, 9, (guint64)r, chosen);
        random[r] = score_naively(&world, chosen, count);
      }
      for (int f = 0; f < PCT_N_FRAMES; f++)
        for (int i = 0; i < PCT_N_MEASURES; i++) {
          if (isnan(wanted->mean[f][i])) {
            g_assert_true(isnan(point.score.mean[f][i]));
            continue;
          }
          g_assert_cmpfloat(point.score.mean[f][i], ==, wanted->mean[f][i]);
          double a = random[0]->mean[f][i], b = random[1]->mean[f][i], c = random[2]->mean[f][i];
          g_assert_cmpfloat_with_epsilon(point.random.mean[f][i], (a + b + c) / 3, 1e-9);
          g_assert_cmpfloat(point.random.interval[f][i].low, ==, fmin(a, fmin(b, c)));
          g_assert_cmpfloat(point.random.interval[f][i].high, ==, fmax(a, fmax(b, c)));
        }
      for (int r = 0; r < 3; r++)
        pct_score_free(random[r]);
    }
}

static void
test_image(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, small_recording_new(&small));
  int height = small.height, width = small.width, n;
  g_autofree int *counts = pct_lesion_counts_new(N_ORDER, &n);
  g_assert_cmpint(n, ==, N_ORDER + 1);
  for (int others = 0; others < 2; others++) {
    world.lesion.others = others;
    PctLesionImage image = { .responses = world.set->responses, .original = world.set->originals, .n_averaged = 2 };
    PctLesionPoint points[N_ORDER + 1];
    g_assert_true(pct_lesion_measure_image(&world.lesion, world.decoder, &image, counts, n, points, NULL, NULL));
    for (int k = 0; k < n; k++) {
      float responses[M], picture[12 * 16];
      silence_naively(&world, order, k, world.set->responses, responses, 1);
      pct_decoder_reconstruct(world.decoder, responses, 1, 2, NULL, picture, NULL, NULL);
      PctWindow full = pct_window_full(height, width), central = pct_window_central(height, width);
      g_assert_cmpint(points[k].count, ==, k);
      g_assert_cmpfloat_with_epsilon(points[k].score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR],
                                     pct_pixcorr(picture, world.set->originals, height, width, full), 1e-5);
      g_assert_cmpfloat_with_epsilon(points[k].score.mean[PCT_FRAME_CENTRAL][PCT_MEASURE_MSE],
                                     pct_mse(picture, world.set->originals, height, width, central), 1e-2);
      g_assert_cmpfloat_with_epsilon(points[k].score.mean[PCT_FRAME_FULL][PCT_MEASURE_SSIM],
                                     pct_ssim(picture, world.set->originals, height, width, full), 1e-5);
      g_assert_true(isnan(points[k].score.mean[PCT_FRAME_FULL][PCT_MEASURE_IDENTIFICATION]));
      // Of random choices, the mean of three pictures' figures.
      double sum = 0;
      for (int r = 0; r < 3; r++) {
        int chosen[M];
        if (k > 0)
          pct_choose_nested(M, k, 9, (guint64)r, chosen);
        silence_naively(&world, chosen, k, world.set->responses, responses, 1);
        pct_decoder_reconstruct(world.decoder, responses, 1, 2, NULL, picture, NULL, NULL);
        sum += pct_pixcorr(picture, world.set->originals, height, width, full) / 3;
      }
      g_assert_cmpfloat_with_epsilon(points[k].random.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], sum, 1e-5);
    }
  }
}

static void
test_counts(void)
{
  const int most[] = { 0, 1, 8, 9, 40, 5335 };
  for (gsize i = 0; i < G_N_ELEMENTS(most); i++) {
    int n;
    g_autofree int *counts = pct_lesion_counts_new(most[i], &n);
    g_assert_cmpint(counts[0], ==, 0);
    g_assert_cmpint(counts[n - 1], ==, most[i]);
    for (int k = 1; k < n; k++)
      g_assert_cmpint(counts[k], >, counts[k - 1]);
    g_assert_cmpint(n, <=, 26);
  }
}

// Neuron 5 alone says how bright a patch is; the rest of the image is the others'.
#define PLANTED 5
#define SIDE 12
static gboolean
in_patch(int y, int x)
{
  return y >= 3 && y < 7 && x >= 4 && x < 9;
}

static PctRecording *
planted_recording_new(void)
{
  int n_images = 120;
  g_autofree float *weights = g_new(float, n_images * M);
  pct_random_fill_normal(weights, (gsize)n_images * M, 3, 1);
  PctRecordingData data = { .name = g_strdup("planted"), .n_images = n_images, .height = SIDE, .width = SIDE,
                            .n_trials = n_images, .n_neurons = M };
  data.image_floats = g_new(float, n_images * SIDE * SIDE);
  data.responses_float = g_new(float, n_images * M);
  data.image_index = g_new(gint32, n_images);
  data.tiers = g_new(guint8, n_images);
  for (int i = 0; i < n_images; i++) {
    data.image_index[i] = i;
    data.tiers[i] = i < 80 ? PCT_TIER_TRAIN : i < 100 ? PCT_TIER_VALIDATION : PCT_TIER_TEST;
    for (int j = 0; j < M; j++)
      data.responses_float[i * M + j] = 2 + weights[i * M + j];
    for (int y = 0; y < SIDE; y++)
      for (int x = 0; x < SIDE; x++) {
        float sum = 128;
        if (in_patch(y, x))
          sum += 25 * weights[i * M + PLANTED];
        else
          for (int j = 0; j < M; j++)
            sum += j == PLANTED ? 0 : 5 * weights[i * M + j] * sinf(0.4f * (float)(j + 1) * (float)(x + 2 * y));
        data.image_floats[(i * SIDE + y) * SIDE + x] = CLAMP(sum, 0, 255);
      }
  }
  return pct_recording_new_take(&data, NULL);
}

static void
test_planted(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, planted_recording_new());
  pct_score_set_free(world.set);
  world.set = pct_score_set_new(world.recording, PCT_TIER_TEST, FALSE);
  const int planted[] = { PLANTED };
  PctLesion lesion = { .mean = world.statistics->response_mean, .order = planted, .n_order = 1, .n_random = 10, .seed = 1 };
  g_autofree float *responses = g_memdup2(world.set->responses, (gsize)world.set->n * M * sizeof(float));
  g_autofree float *before = g_new(float, world.set->n * SIDE * SIDE), *after = g_new(float, world.set->n * SIDE * SIDE);
  gsize n = (gsize)world.set->n;
  pct_decoder_reconstruct(world.decoder, responses, n, 1, NULL, before, NULL, NULL);
  pct_lesion_silence(&lesion, 1, M, responses, n);
  pct_decoder_reconstruct(world.decoder, responses, n, 1, NULL, after, NULL, NULL);
  // The patch is gone, what is left there is the mean image; the rest stands.
  double inside = 0, inside_before = 0, outside = 0, outside_before = 0;
  for (int i = 0; i < world.set->n; i++)
    for (int p = 0; p < SIDE * SIDE; p++) {
      double mean = world.statistics->mean_image[p];
      gboolean patch = in_patch(p / SIDE, p % SIDE);
      *(patch ? &inside : &outside) += pow(after[i * SIDE * SIDE + p] - mean, 2);
      *(patch ? &inside_before : &outside_before) += pow(before[i * SIDE * SIDE + p] - mean, 2);
    }
  g_assert_cmpfloat(inside, <, 0.02 * inside_before);
  g_assert_cmpfloat(outside, >, 0.95 * outside_before);
  PctLesionPoint point, none;
  g_assert_true(pct_lesion_measure(&lesion, world.decoder, world.set, 0, &none, NULL, NULL));
  g_assert_true(pct_lesion_measure(&lesion, world.decoder, world.set, 1, &point, NULL, NULL));
  double whole = none.score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  double lost = whole - point.score.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  double lost_at_random = whole - point.random.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR];
  g_test_message("PixCorr %.3f: %.3f less without the planted one, %.3f less without another", whole, lost, lost_at_random);
  g_assert_cmpfloat(lost, >, 2 * fabs(lost_at_random));
  g_assert_cmpfloat(none.random.mean[PCT_FRAME_FULL][PCT_MEASURE_PIXCORR], ==, whole);
}

static void
test_same_bits(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, small_recording_new(&small));
  PctLesionPoint alone, together, one[3], again[3];
  const int counts[] = { 0, 3, 7 };
  PctLesionImage image = { .responses = world.set->responses, .original = world.set->originals, .n_averaged = 2 };
  g_assert_true(pct_lesion_measure(&world.lesion, world.decoder, world.set, 4, &alone, NULL, NULL));
  g_assert_true(pct_lesion_measure_image(&world.lesion, world.decoder, &image, counts, 3, one, NULL, NULL));
  for (guint threads = 1; threads <= 3; threads++) {
    g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
    PctRun run = { .pool = pool };
    g_assert_true(pct_lesion_measure(&world.lesion, world.decoder, world.set, 4, &together, &run, NULL));
    g_assert_cmpmem(&alone.score, sizeof alone.score, &together.score, sizeof together.score);
    g_assert_cmpmem(&alone.random, sizeof alone.random, &together.random, sizeof together.random);
    g_assert_true(pct_lesion_measure_image(&world.lesion, world.decoder, &image, counts, 3, again, &run, NULL));
    for (int i = 0; i < 3; i++)
      g_assert_cmpmem(&one[i].score, sizeof one[i].score, &again[i].score, sizeof again[i].score);
  }
  world.lesion.seed = 10;
  g_assert_true(pct_lesion_measure(&world.lesion, world.decoder, world.set, 4, &together, NULL, NULL));
  g_assert_cmpmem(&alone.score, sizeof alone.score, &together.score, sizeof together.score);
  g_assert_true(memcmp(&alone.random, &together.random, sizeof alone.random) != 0);
}

static gboolean
stop_after(const PctProgress *progress, gpointer data)
{
  return --*(int *)data >= 0;
}

// A stop is heard at every single report, and the last one is the end.
static void
test_cancel(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, small_recording_new(&small));
  PctLesionImage image = { .responses = world.set->responses, .original = world.set->originals, .n_averaged = 2 };
  const int counts[] = { 0, 3, 7 };
  for (int tier = 0; tier < 2; tier++) {
    gboolean done = FALSE;
    int stop;
    for (stop = 0; !done && stop < 1000; stop++) {
      PctLesionPoint points[3];
      g_autoptr(GError) error = NULL;
      int left = stop;
      PctRun run = { .func = stop_after, .data = &left };
      done = tier ? pct_lesion_measure(&world.lesion, world.decoder, world.set, 4, points, &run, &error)
                  : pct_lesion_measure_image(&world.lesion, world.decoder, &image, counts, 3, points, &run, &error);
      g_assert_true(done ? !error : g_error_matches(error, PCT_ERROR, PCT_ERROR_CANCELLED));
      if (done)
        g_assert_cmpint(left, ==, 0);
    }
    g_assert_true(done);
    g_assert_cmpint(stop, >, 4);
  }
  // Another recording's decoder.
  world.set->n_neurons = M - 1;
  PctLesionPoint point;
  g_autoptr(GError) error = NULL;
  world.lesion.n_random = 0;
  g_assert_false(pct_lesion_measure(&world.lesion, world.decoder, world.set, 0, &point, NULL, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
  world.set->n_neurons = M;
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/decode/lesion/tier", test_tier);
  g_test_add_func("/decode/lesion/image", test_image);
  g_test_add_func("/decode/lesion/counts", test_counts);
  g_test_add_func("/decode/lesion/planted", test_planted);
  g_test_add_func("/decode/lesion/same-bits", test_same_bits);
  g_test_add_func("/decode/lesion/cancel", test_cancel);
  return g_test_run();
}
