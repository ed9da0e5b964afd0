// SPDX-License-Identifier: GPL-3.0-or-later
// Points of a curve against fits and scores made by hand, on recordings cut by hand; what neither the seed's choice nor
// the number of threads may change; and a stop in the middle.
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "data/recording-subset.h"
#include "decode/data-curve.h"
#include "decode/evaluate.h"
#include "decode/ridge.h"
#include "small-recording.h"

static const SmallRecording small = { 60, 12, 8, 24, 12, 16, 0.5, 3, .repeats = 2, .gratings = TRUE };

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctOptionValues *options;
  PctDecoder *whole;
  PctDataCurve curve;
} World;

static void
world_init(World *world, PctCurveAgainst against)
{
  g_autoptr(GError) error = NULL;
  world->recording = small_recording_new(&small);
  world->statistics = pct_statistics_new(world->recording, NULL, NULL);
  world->options = pct_option_values_new(pct_ridge_class.about.options);
  world->curve = (PctDataCurve){ .klass = &pct_ridge_class, .against = against, .tier = PCT_TIER_TEST, .seed = 5,
                                 .fit = { .recording = world->recording, .statistics = world->statistics,
                                          .options = world->options, .seed = 5 } };
  world->whole = pct_decoder_fit(&pct_ridge_class, &world->curve.fit, NULL, &error);
  g_assert_no_error(error);
  if (against == PCT_AGAINST_SILENCED)
    world->curve.whole = world->whole;
}

static void
world_clear(World *world)
{
  pct_decoder_unref(world->whole);
  pct_option_values_free(world->options);
  pct_statistics_free(world->statistics);
  pct_recording_unref(world->recording);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(World, world_clear)

static PctDataPoint
measure(const World *world, double share, PctPool *pool)
{
  PctRun run = { .pool = pool };
  PctDataPoint point;
  g_autoptr(GError) error = NULL;
  pct_data_curve_measure(&world->curve, share, &point, &run, &error);
  g_assert_no_error(error);
  return point;
}

static void
assert_scores(const PctDataPoint *point, const PctDecoder *decoder, const PctRecording *recording,
              const PctStatistics *statistics, const int *silent, int n_silent)
{
  for (int averaged = 0; averaged < 2; averaged++) {
    g_autoptr(PctScoreSet) set = pct_score_set_new(recording, PCT_TIER_TEST, averaged);
    set->mean_image = statistics->mean_image;
    for (int i = 0; i < set->n; i++)
      for (int j = 0; j < n_silent; j++)
        set->responses[i * set->n_neurons + silent[j]] = statistics->response_mean[silent[j]];
    g_autoptr(PctScore) score = pct_decoder_score(decoder, set, NULL, NULL, NULL);
    for (int frame = 0; frame < PCT_N_FRAMES; frame++)
      for (int measure = 0; measure < PCT_N_MEASURES; measure++) {
        double here = point->score[averaged].mean[frame][measure], there = score->mean[frame][measure];
        g_assert_cmpmem(&here, sizeof here, &there, sizeof there);
      }
  }
}

static void
test_neurons(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, PCT_AGAINST_NEURONS);
  g_assert_cmpint(pct_data_curve_get_total(&world.curve), ==, 24);
  PctDataPoint point = measure(&world, 0.25, NULL);
  g_assert_cmpint(point.count, ==, 6);
  int neurons[6];
  pct_choose_nested(24, 6, 5, 0, neurons);
  g_autoptr(PctRecording) part = pct_recording_subset(world.recording, neurons, 6, NULL, 0, NULL);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(part, NULL, NULL);
  PctFit fit = { .recording = part, .statistics = statistics, .options = world.options, .seed = 5 };
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(&pct_ridge_class, &fit, NULL, NULL);
  assert_scores(&point, decoder, part, statistics, NULL, 0);
  // All of them: the decoder that anybody would train.
  point = measure(&world, 1, NULL);
  assert_scores(&point, world.whole, world.recording, world.statistics, NULL, 0);
  g_assert_cmpint(measure(&world, 1e-6, NULL).count, ==, 1);
}

static void
test_silenced(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, PCT_AGAINST_SILENCED);
  PctDataPoint point = measure(&world, 0.5, NULL);
  g_assert_cmpint(point.count, ==, 12);
  g_assert_cmpfloat(point.seconds, ==, 0);
  int heard[12], silent[12], n_silent = 0;
  pct_choose_nested(24, 12, 5, 0, heard);
  for (int j = 0; j < 24; j++) {
    gboolean is_heard = FALSE;
    for (int i = 0; i < 12; i++)
      is_heard |= heard[i] == j;
    if (!is_heard)
      silent[n_silent++] = j;
  }
  assert_scores(&point, world.whole, world.recording, world.statistics, silent, n_silent);
  point = measure(&world, 1, NULL);
  assert_scores(&point, world.whole, world.recording, world.statistics, NULL, 0);
}

static void
test_images(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, PCT_AGAINST_IMAGES);
  g_assert_cmpint(pct_data_curve_get_total(&world.curve), ==, 60);
  PctDataPoint point = measure(&world, 1.0 / 3, NULL);
  g_assert_cmpint(point.count, ==, 20);
  int images[20], n_train;
  pct_choose_nested(60, 20, 5, 1, images);
  const int *train = pct_recording_get_tier_images(world.recording, PCT_TIER_TRAIN, &n_train);
  for (int i = 0; i < 20; i++)
    images[i] = train[images[i]];
  g_autoptr(PctRecording) part = pct_recording_subset(world.recording, NULL, 0, images, 20, NULL);
  pct_recording_get_tier_trials(part, PCT_TIER_TRAIN, &n_train);
  g_assert_cmpint(n_train, ==, 40);
  g_autoptr(PctStatistics) statistics = pct_statistics_new(part, NULL, NULL);
  PctFit fit = { .recording = part, .statistics = statistics, .options = world.options, .seed = 5 };
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(&pct_ridge_class, &fit, NULL, NULL);
  assert_scores(&point, decoder, part, statistics, NULL, 0);
  // Few images teach little.
  g_assert_cmpfloat(point.score[PCT_MODE_SINGLE].mean[PCT_FRAME_FULL][PCT_MEASURE_MSE], >,
                    measure(&world, 1, NULL).score[PCT_MODE_SINGLE].mean[PCT_FRAME_FULL][PCT_MEASURE_MSE]);
}

static void
test_same_bits(void)
{
  for (int against = 0; against < PCT_N_CURVE_AGAINST; against++) {
    g_auto(World) world = { 0 };
    world_init(&world, against);
    PctDataPoint first = measure(&world, 0.5, NULL);
    for (guint threads = 1; threads <= 3; threads++) {
      g_autoptr(PctPool) pool = pct_pool_new(threads, 0);
      PctDataPoint again = measure(&world, 0.5, pool);
      g_assert_cmpmem(first.score, sizeof first.score, again.score, sizeof again.score);
    }
    world.curve.seed = 6;
    PctDataPoint other = measure(&world, 0.5, NULL);
    g_assert_true(memcmp(first.score, other.score, sizeof first.score) != 0);
  }
}

// A decoder that is made with both tells what it was handed.
typedef struct {
  PctDecoder decoder;
  int n_encoder, n_meis, n_train;
  float rate;  // of neuron 0 at flat grey
} Witness;

static Witness seen;
static PctDecoderClass witness_class;

static PctDecoder *
witness_fit(const PctFit *fit, const PctRun *run, GError **error)
{
  Witness *self = g_new0(Witness, 1);
  int height = pct_recording_get_height(fit->recording), width = pct_recording_get_width(fit->recording);
  pct_decoder_init(&self->decoder, &witness_class, pct_recording_get_n_neurons(fit->recording), height, width);
  self->n_encoder = pct_encoder_get_design(fit->encoder)->n_neurons;
  self->n_meis = fit->meis->n;
  pct_recording_get_tier_trials(fit->recording, PCT_TIER_TRAIN, &self->n_train);
  g_autofree float *grey = g_new0(float, height * width), *rates = g_new(float, self->n_encoder);
  g_assert_true(pct_encoder_predict(fit->encoder, grey, 1, rates, NULL, NULL));
  self->rate = rates[0];
  seen = *self;
  return &self->decoder;
}

static gboolean
witness_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                    float *images, const PctRun *run, GError **error)
{
  memset(images, 0, n * (gsize)decoder->height * (gsize)decoder->width * sizeof(float));
  return TRUE;
}

static void
witness_free(PctDecoder *decoder)
{
  g_free(decoder);
}

static PctDecoderClass witness_class = { .about = { .role = PCT_ROLE_DECODER, .kind = "witness" },
                                         .fit = witness_fit, .reconstruct = witness_reconstruct,
                                         .free = witness_free };

// Fewer neurons: their rows of the encoder and of the set. Fewer images: both as they are.
static void
test_made_with(void)
{
  g_auto(World) world = { 0 };
  world_init(&world, PCT_AGAINST_NEURONS);
  g_autoptr(GError) error = NULL;
  const PctModelKind *ln = pct_encoder_find_kind("ln");
  g_autoptr(PctOptionValues) options = pct_option_values_new(ln->options);
  pct_option_values_set_number(options, "epochs", 1, &error);
  PctFit fit = { .recording = world.recording, .statistics = world.statistics, .options = options, .seed = 1 };
  g_autoptr(PctEncoder) encoder = pct_encoder_fit(ln, &fit, NULL, &error);
  g_assert_no_error(error);
  int all[24], chosen[6];
  for (int j = 0; j < 24; j++)
    all[j] = j;
  g_autoptr(PctMeiSet) meis = pct_mei_set_new(all, 24, small.height, small.width, NULL);
  for (int j = 0; j < 24; j++)
    pct_mei_set_mark_ready(meis, j);
  witness_class.about.options = world.options->table;
  world.curve.klass = &witness_class;
  world.curve.fit.encoder = encoder;
  world.curve.fit.meis = meis;
  measure(&world, 0.25, NULL);
  g_assert_cmpint(seen.n_encoder, ==, 6);
  g_assert_cmpint(seen.n_meis, ==, 6);
  g_assert_cmpint(seen.n_train, ==, 120);
  g_autofree float *grey = g_new0(float, small.height * small.width);
  float rates[24];
  g_assert_true(pct_encoder_predict(encoder, grey, 1, rates, NULL, NULL));
  pct_choose_nested(24, 6, 5, 0, chosen);
  g_assert_cmpfloat_with_epsilon(seen.rate, rates[chosen[0]], 1e-5);
  world.curve.against = PCT_AGAINST_IMAGES;
  measure(&world, 0.25, NULL);
  g_assert_cmpint(seen.n_encoder, ==, 24);
  g_assert_cmpint(seen.n_meis, ==, 24);
  g_assert_cmpint(seen.n_train, ==, 30);
}

static gboolean
stop_after(const PctProgress *progress, gpointer data)
{
  return --*(int *)data >= 0;
}

static void
test_cancel(void)
{
  for (int against = 0; against < PCT_N_CURVE_AGAINST; against++) {
    g_auto(World) world = { 0 };
    world_init(&world, against);
    for (int after = 0; after < 4; after++) {
      int left = after;
      PctRun run = { stop_after, &left, NULL };
      PctDataPoint point;
      g_autoptr(GError) error = NULL;
      g_assert_false(pct_data_curve_measure(&world.curve, 0.5, &point, &run, &error));
      g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
    }
  }
}

static void
test_names(void)
{
  PctCurveAgainst found;
  for (int against = 0; against < PCT_N_CURVE_AGAINST; against++) {
    g_assert_true(pct_curve_against_from_name(pct_curve_against_get_name(against), &found));
    g_assert_cmpint(found, ==, against);
  }
  g_assert_false(pct_curve_against_from_name("time", &found));
  g_assert_false(pct_curve_against_from_name(NULL, &found));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GError) error = NULL;
  if (!pct_blas_init(&error))
    g_error("%s", error->message);
  g_test_add_func("/data-curve/neurons", test_neurons);
  g_test_add_func("/data-curve/silenced", test_silenced);
  g_test_add_func("/data-curve/images", test_images);
  g_test_add_func("/data-curve/made-with", test_made_with);
  g_test_add_func("/data-curve/same-bits", test_same_bits);
  g_test_add_func("/data-curve/cancel", test_cancel);
  g_test_add_func("/data-curve/names", test_names);
  return g_test_run();
}
