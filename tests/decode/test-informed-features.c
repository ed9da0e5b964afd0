// SPDX-License-Identifier: GPL-3.0-or-later
// The encoder-informed estimate against plain matrices in double precision, and the views of images it learns from.
#include <math.h>
#include <string.h>
#include "decode/decoder.h"
#include "decode/imagined-trials.h"
#include "decode/informed-features.h"
#include "decode/response-noise.h"
#include "small-options.h"
#include "small-recording.h"

#define M 16
#define SIDE 4  // as many neurons as pixels: then features and components span all there is
#define P (SIDE * SIDE)

typedef struct {
  PctRecording *recording;
  PctStatistics *statistics;
  PctEncoder *encoder;
  PctFit fit;
} World;

static void
world_init(World *world)
{
  const SmallRecording small = { 80, 30, 4, M, SIDE, SIDE, 1, 3 };
  g_autoptr(GError) error = NULL;
  world->recording = small_recording_new(&small);
  world->statistics = pct_statistics_new(world->recording, NULL, NULL);
  const PctModelKind *kind = pct_encoder_find_kind("ln");
  g_autoptr(PctOptionValues) options = small_options_new(kind->options);
  world->fit = (PctFit){ .recording = world->recording, .statistics = world->statistics, .options = options, .seed = 5 };
  world->encoder = pct_encoder_fit(kind, &world->fit, NULL, &error);
  g_assert_no_error(error);
  world->fit.encoder = world->encoder;
  world->fit.options = NULL;
}

static void
world_clear(World *world)
{
  pct_encoder_unref(world->encoder);
  pct_statistics_free(world->statistics);
  pct_recording_unref(world->recording);
}

// x = a^-1 b in place of b; a (n,n), b (n,k): Gaussian elimination with pivots.
static void
solve(double *a, double *b, int n, int k)
{
  for (int c = 0; c < n; c++) {
    int pivot = c;
    for (int r = c + 1; r < n; r++)
      if (fabs(a[r * n + c]) > fabs(a[pivot * n + c]))
        pivot = r;
    for (int j = 0; j < n; j++) {
      double t = a[c * n + j];
      a[c * n + j] = a[pivot * n + j];
      a[pivot * n + j] = t;
    }
    for (int j = 0; j < k; j++) {
      double t = b[c * k + j];
      b[c * k + j] = b[pivot * k + j];
      b[pivot * k + j] = t;
    }
    for (int r = 0; r < n; r++) {
      if (r == c)
        continue;
      double f = a[r * n + c] / a[c * n + c];
      for (int j = c; j < n; j++)
        a[r * n + j] -= f * a[c * n + j];
      for (int j = 0; j < k; j++)
        b[r * k + j] -= f * b[c * k + j];
    }
  }
  for (int r = 0; r < n; r++)
    for (int j = 0; j < k; j++)
      b[r * k + j] /= a[r * n + r];
}

// The pictures that (C + penalty level S)^-1 B makes of z-scores (n,M), by the book.
static void
decode_by_the_book(const World *world, const PctInformedFeatures *features, double n_averaged, const float *z, int n,
                   double *out)
{
  g_auto(PctTrialRows) imagined = { 0 }, held = { 0 };
  g_assert_true(pct_imagined_trials_new(&imagined, &world->fit, 1, NULL, NULL));
  int n_validation;
  const int *validation = pct_recording_get_tier_trials(world->recording, PCT_TIER_VALIDATION, &n_validation);
  g_assert_true(pct_trial_rows_read(&held, world->recording, world->statistics, validation, (gsize)n_validation, NULL, NULL));
  g_autofree float *residuals = g_new(float, n_validation * M);
  g_autofree int *images = g_new(int, n_validation);
  for (int i = 0; i < n_validation; i++)
    images[i] = pct_recording_get_trial_image(world->recording, validation[i]);
  g_assert_true(pct_imagined_trials_predict(&world->fit, images, (gsize)n_validation, residuals, NULL, NULL));
  for (int j = 0; j < M; j++) {
    double mean = 0;
    for (int i = 0; i < n_validation; i++)
      mean += ((double)held.z[i * M + j] - residuals[i * M + j]) / n_validation;
    for (int i = 0; i < n_validation; i++)
      residuals[i * M + j] = (float)(held.z[i * M + j] - residuals[i * M + j] - mean);
  }
  g_autoptr(PctResponseNoise) noise = pct_response_noise_new(residuals, (gsize)n_validation, M, 2, NULL, NULL);
  double level = features->penalty * (features->model_error + (1 - features->model_error) / n_averaged);
  double c[M * M] = { 0 }, b[M * P] = { 0 }, zm[M] = { 0 }, pm[P] = { 0 };
  int count = (int)imagined.n;
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < M; j++)
      zm[j] += imagined.z[i * M + j] / (double)count;
    for (int j = 0; j < P; j++)
      pm[j] += imagined.pictures[i * P + j] / (double)count;
  }
  for (int i = 0; i < count; i++)
    for (int j = 0; j < M; j++) {
      double r = imagined.z[i * M + j] - zm[j];
      for (int k = 0; k < M; k++)
        c[j * M + k] += r * (imagined.z[i * M + k] - zm[k]) / count;
      for (int k = 0; k < P; k++)
        b[j * P + k] += r * (imagined.pictures[i * P + k] - pm[k]) / count;
    }
  for (int j = 0; j < M; j++) {
    c[j * M + j] += level * noise->diagonal[j];
    for (int k = 0; k < M; k++)
      for (gsize mode = 0; mode < noise->rank; mode++)
        c[j * M + k] += level * (double)noise->modes[mode * M + (gsize)j] * noise->modes[mode * M + (gsize)k];
  }
  solve(c, b, M, P);
  for (int i = 0; i < n; i++)
    for (int k = 0; k < P; k++) {
      double sum = world->statistics->mean_image[k];
      for (int j = 0; j < M; j++)
        sum += z[i * M + j] * b[j * P + k];
      out[i * P + k] = sum;
    }
}

static void
test_by_the_book(gconstpointer data)
{
  const double n_averaged = GPOINTER_TO_INT(data);
  World world;
  world_init(&world);
  const PctDecoderClass *klass = pct_decoder_find_class("lmmse");
  g_autoptr(PctOptionValues) options = pct_option_values_new(klass->about.options);
  pct_option_values_set_number(options, "copies", 1, NULL);
  pct_option_values_set_number(options, "modes", 2, NULL);
  pct_option_values_set_number(options, "penalty", 3, NULL);
  pct_option_values_set_number(options, "model_error", 0.25, NULL);
  PctFit fit = world.fit;
  fit.options = options;
  g_autoptr(GError) error = NULL;
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(klass, &fit, NULL, &error);
  g_assert_no_error(error);
  g_auto(PctTrialRows) test = { 0 };
  int n;
  const int *trials = pct_recording_get_tier_trials(world.recording, PCT_TIER_TEST, &n);
  g_assert_true(pct_trial_rows_read(&test, world.recording, world.statistics, trials, (gsize)n, NULL, NULL));
  g_autofree float *responses = g_new(float, n * M), *images = g_new(float, n * P);
  pct_recording_read_trials(world.recording, trials, n, responses);
  g_assert_true(pct_decoder_reconstruct(decoder, responses, (gsize)n, n_averaged, NULL, images, NULL, NULL));
  g_autofree double *expected = g_new(double, n * P);
  PctInformedFeatures told = { .penalty = 3, .model_error = 0.25 };
  decode_by_the_book(&world, &told, n_averaged, test.z, n, expected);
  for (int i = 0; i < n * P; i++)
    g_assert_cmpfloat_with_epsilon(images[i], expected[i], 0.02);
  world_clear(&world);
}

// The noise that is chosen is the best of those around it on validation.
static void
test_penalty(void)
{
  World world;
  world_init(&world);
  const PctDecoderClass *klass = pct_decoder_find_class("lmmse");
  int n;
  const int *trials = pct_recording_get_tier_trials(world.recording, PCT_TIER_VALIDATION, &n);
  g_autofree float *responses = g_new(float, n * M), *images = g_new(float, n * P), *original = g_new(float, P);
  pct_recording_read_trials(world.recording, trials, n, responses);
  double errors[3];
  const double factors[] = { 0, 0.001, 400 };
  for (int f = 0; f < 3; f++) {
    g_autoptr(PctOptionValues) options = pct_option_values_new(klass->about.options);
    pct_option_values_set_number(options, "penalty", factors[f], NULL);
    PctFit fit = world.fit;
    fit.options = options;
    g_autoptr(PctDecoder) decoder = pct_decoder_fit(klass, &fit, NULL, NULL);
    g_assert_true(pct_decoder_reconstruct(decoder, responses, (gsize)n, 1, NULL, images, NULL, NULL));
    errors[f] = 0;
    for (int i = 0; i < n; i++) {
      pct_recording_read_image(world.recording, pct_recording_get_trial_image(world.recording, trials[i]), original);
      for (int j = 0; j < P; j++)
        errors[f] += (images[i * P + j] - original[j]) * (images[i * P + j] - original[j]);
    }
  }
  g_assert_cmpfloat(errors[0], <=, errors[1]);
  g_assert_cmpfloat(errors[0], <, errors[2]);
  world_clear(&world);
}

// A session moves as the whole does, also when the number of averaged trials changes.
static void
test_session(void)
{
  World world;
  world_init(&world);
  const PctDecoderClass *klass = pct_decoder_find_class("lmmse");
  g_autoptr(PctOptionValues) options = pct_option_values_new(klass->about.options);
  PctFit fit = world.fit;
  fit.options = options;
  g_autoptr(PctDecoder) decoder = pct_decoder_fit(klass, &fit, NULL, NULL);
  g_autoptr(PctDecoderSession) session = pct_decoder_session_new(decoder, NULL);
  float responses[M], drawn[P], whole[P];
  pct_recording_read_responses(world.recording, 3, responses);
  const double counts[] = { 5, 1 };
  for (int i = 0; i < 2; i++) {
    session->set_responses(session, responses, counts[i]);
    for (int j = 0; j < M; j += 3) {
      responses[j] += 0.7f;
      session->set_response(session, j, responses[j]);
    }
    session->draw(session, drawn);
    g_assert_true(pct_decoder_reconstruct(decoder, responses, 1, counts[i], NULL, whole, NULL, NULL));
    for (int j = 0; j < P; j++)
      g_assert_cmpfloat_with_epsilon(drawn[j], whole[j], 1e-2);
  }
  world_clear(&world);
}

static void
test_views(void)
{
  enum { H = 5, W = 7 };
  float image[H * W], out[H * W];
  for (int i = 0; i < H * W; i++)
    image[i] = (float)(i * i % 31);
  pct_imagined_view(image, H, W, 0, 0, 1, FALSE, out);
  g_assert_cmpmem(out, sizeof out, image, sizeof image);
  pct_imagined_view(image, H, W, 0, 0, 1, TRUE, out);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      g_assert_cmpfloat(out[y * W + x], ==, image[y * W + W - 1 - x]);
  // Two rows down and three columns left; what lies beyond is the reflection, the edge itself not twice.
  pct_imagined_view(image, H, W, 2, -3, 1, FALSE, out);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) {
      int sy = y + 2 < H ? y + 2 : 2 * (H - 1) - (y + 2), sx = x - 3 >= 0 ? x - 3 : 3 - x;
      g_assert_cmpfloat(out[y * W + x], ==, image[sy * W + sx]);
    }
  // Half the size from the corner: a ramp rises half as fast.
  for (int i = 0; i < H * W; i++)
    image[i] = (float)(10 * (i / W) + i % W);
  pct_imagined_view(image, H, W, 1, 1, 0.5, FALSE, out);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++) {
      double sy = 1 + (y + 0.5) * 0.5 - 0.5, sx = 1 + (x + 0.5) * 0.5 - 0.5;
      g_assert_cmpfloat_with_epsilon(out[y * W + x], 10 * sy + sx, 1e-4);
    }
}

// Train images first, as they are, then the mirrored ones; nothing of the other tiers.
static void
test_imagined(void)
{
  World world;
  world_init(&world);
  g_auto(PctTrialRows) rows = { 0 }, again = { 0 };
  g_assert_true(pct_imagined_trials_new(&rows, &world.fit, 3, NULL, NULL));
  g_assert_true(pct_imagined_trials_new(&again, &world.fit, 3, NULL, NULL));
  int n;
  const int *train = pct_recording_get_tier_images(world.recording, PCT_TIER_TRAIN, &n);
  g_assert_cmpuint(rows.n, ==, 4 * n);
  g_assert_cmpmem(rows.pictures, rows.n * P * sizeof(float), again.pictures, again.n * P * sizeof(float));
  g_assert_cmpmem(rows.z, rows.n * M * sizeof(float), again.z, again.n * M * sizeof(float));
  g_autofree float *z = g_new(float, n * M);
  g_assert_true(pct_imagined_trials_predict(&world.fit, train, (gsize)n, z, NULL, NULL));
  float image[P];
  for (int i = 0; i < n; i++) {
    pct_recording_read_image(world.recording, train[i], image);
    for (int j = 0; j < P; j++) {
      int mirrored = j / SIDE * SIDE + SIDE - 1 - j % SIDE;
      g_assert_cmpfloat(rows.pictures[i * P + j], ==, image[j] - world.statistics->mean_image[j]);
      g_assert_cmpfloat(rows.pictures[(n + i) * P + j], ==, image[mirrored] - world.statistics->mean_image[j]);
    }
    for (int j = 0; j < M; j++)
      g_assert_cmpfloat_with_epsilon(rows.z[i * M + j], z[i * M + j], 1e-5);
  }
  world_clear(&world);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/decode/informed/single-by-the-book", GINT_TO_POINTER(1), test_by_the_book);
  g_test_add_data_func("/decode/informed/averaged-by-the-book", GINT_TO_POINTER(6), test_by_the_book);
  g_test_add_func("/decode/informed/penalty", test_penalty);
  g_test_add_func("/decode/informed/session", test_session);
  g_test_add_func("/decode/informed/views", test_views);
  g_test_add_func("/decode/informed/imagined", test_imagined);
  return g_test_run();
}
