// SPDX-License-Identifier: GPL-3.0-or-later
// What each neuron contributes, of every decoder of the registry: derivatives against finite differences, contributions
// that add up, silencing against a picture drawn without the neuron, and what is refused.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "decode/influence.h"
#include "decode/linear-decoder.h"
#include "small-world.h"

static World world;
static GHashTable *fitted;  // PctDecoder by its class: one of each will do

// A decoder and where it is asked.
typedef struct {
  PctDecoder *decoder;
  float *responses, *z;
  PctInfluencePoint at;
} Asked;

static const PctRegion region = { 3, 2, 7, 5 };

static void
asked_init(Asked *self, const Variant *variant, PctRegion of)
{
  PctDecoder *decoder = g_hash_table_lookup(fitted, variant->klass);
  if (!decoder) {
    decoder = variant_must_fit(variant, &world, TRUE);
    g_hash_table_insert(fitted, (gpointer)variant->klass, decoder);
  }
  self->decoder = pct_decoder_ref(decoder);
  self->responses = g_new(float, self->decoder->n_neurons);
  int latent = pct_decoder_get_latent(self->decoder);
  self->z = latent ? g_new(float, latent) : NULL;
  if (latent)
    pct_random_fill_normal(self->z, (gsize)latent, 4, 4);
  pct_recording_read_responses(world.recording, 0, self->responses);
  self->at = (PctInfluencePoint){ self->responses, 2, self->z, world.statistics->response_mean,
                                  world.statistics->response_std, of };
}

static void
asked_clear(Asked *self)
{
  pct_decoder_unref(self->decoder);
  g_free(self->responses);
  g_free(self->z);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static PctInfluence *
must_ask(const Asked *asked, PctInfluenceMeasure measure)
{
  g_autoptr(GError) error = NULL;
  PctRun run = { .pool = world.pool };
  PctInfluence *influence = pct_influence_new(asked->decoder, measure, &asked->at, &run, &error);
  g_assert_no_error(error);
  g_assert_cmpint(influence->n_neurons, ==, asked->decoder->n_neurons);
  return influence;
}

static void
draw(const Asked *asked, const float *responses, float *picture)
{
  g_assert_true(pct_decoder_reconstruct(asked->decoder, responses, 1, 2, asked->z, picture, NULL, NULL));
}

static double
region_mean(const Asked *asked, const float *responses)
{
  int width = asked->decoder->width;
  g_autofree float *picture = g_new(float, asked->decoder->height * width);
  draw(asked, responses, picture);
  PctRegion of = asked->at.region;
  if (pct_region_is_whole(&of))
    of = (PctRegion){ 0, 0, width, asked->decoder->height };
  double sum = 0;
  for (int y = of.y; y < of.y + of.height; y++)
    for (int x = of.x; x < of.x + of.width; x++)
      sum += picture[y * width + x];
  return sum / of.width / of.height;
}

static gboolean
skip_without_derivative(const Variant *variant)
{
  if (!variant->klass->pullback)
    g_test_skip("it has no derivative");
  return !variant->klass->pullback;
}

static void
test_sensitivity(gconstpointer data)
{
  if (skip_without_derivative(data))
    return;
  const PctRegion regions[] = { region, { 0 } };
  for (guint r = 0; r < G_N_ELEMENTS(regions); r++) {
    g_auto(Asked) asked = { 0 };
    asked_init(&asked, data, regions[r]);
    g_autoptr(PctInfluence) influence = must_ask(&asked, PCT_INFLUENCE_SENSITIVITY);
    double largest = 0;
    for (int i = 0; i < influence->n_neurons; i++)
      largest = MAX(largest, fabs(influence->values[i]));
    g_assert_cmpfloat(largest, >, 0);
    for (int i = 0; i < influence->n_neurons; i++) {
      // As small as single precision allows: units that are rectified change sides.
      float value = asked.responses[i], step = 0.02f * world.statistics->response_std[i];
      asked.responses[i] = value + step;
      double above = region_mean(&asked, asked.responses);
      asked.responses[i] = value - step;
      double below = region_mean(&asked, asked.responses);
      asked.responses[i] = value;
      g_assert_cmpfloat_with_epsilon(influence->values[i], (above - below) / 0.04, 1e-3 * MAX(1, largest));
    }
  }
}

static void
test_contribution(gconstpointer data)
{
  if (skip_without_derivative(data))
    return;
  g_auto(Asked) asked = { 0 };
  asked_init(&asked, data, region);
  g_autoptr(PctInfluence) influence = must_ask(&asked, PCT_INFLUENCE_CONTRIBUTION);
  double change = region_mean(&asked, asked.responses) - region_mean(&asked, asked.at.mean), sum = 0, largest = 0;
  for (int i = 0; i < influence->n_neurons; i++) {
    sum += influence->values[i];
    largest = MAX(largest, fabs(influence->values[i]));
  }
  g_assert_cmpfloat(largest, >, 1e-3);
  g_assert_cmpfloat_with_epsilon(influence->change, change, 1e-3);
  g_assert_cmpfloat_with_epsilon(influence->gap, change - sum, 1e-3);
  g_test_message("change %.3f, gap %.4f, %d steps", influence->change, influence->gap, influence->n_steps);
  g_assert_cmpfloat(fabs(influence->gap), <=, MAX(0.05, 0.01 * fabs(change)));
  g_assert_cmpint(influence->n_steps, >=, 3);
  g_assert_cmpint(influence->n_steps, <=, 81);
}

// derivative x (response - mean), and nothing else: of a linear decoder the path does not matter.
static void
test_exact(void)
{
  Variant variant = { pct_decoder_find_class("ridge"), -1 };
  g_auto(Asked) asked = { 0 };
  asked_init(&asked, &variant, region);
  const PctLinearDecoder *linear = (const PctLinearDecoder *)asked.decoder;
  g_autoptr(PctInfluence) influence = must_ask(&asked, PCT_INFLUENCE_CONTRIBUTION);
  g_assert_cmpint(influence->n_steps, ==, 3);
  g_assert_cmpfloat_with_epsilon(influence->gap, 0, 1e-3);
  int width = small_world.width, pixels = small_world.height * width;
  for (int i = 0; i < influence->n_neurons; i++) {
    double derivative = 0;
    for (int y = region.y; y < region.y + region.height; y++)
      for (int x = region.x; x < region.x + region.width; x++)
        derivative += linear->weight[i * pixels + y * width + x] / linear->response_scale[i] / 35;
    double expected = derivative * ((double)asked.responses[i] - asked.at.mean[i]);
    g_assert_cmpfloat_with_epsilon(influence->values[i], expected, 1e-5 + 1e-5 * fabs(expected));
  }
}

// A decoder of one pixel and two neurons whose contributions are known by hand: a^2 b + 5 max(0, a - 1).
static double
curved(const float *r)
{
  return (double)r[0] * r[0] * r[1] + 5 * MAX(0, r[0] - 1.0);
}

static gboolean
curved_reconstruct(const PctDecoder *decoder, const float *responses, gsize n, double n_averaged, const float *z,
                   float *images, const PctRun *run, GError **error)
{
  for (gsize i = 0; i < n; i++)
    images[i] = (float)curved(responses + 2 * i);
  return TRUE;
}

static gboolean
curved_pullback(const PctDecoder *decoder, const float *r, double n_averaged, const float *z, const float *cotangent,
                float *out, const PctRun *run, GError **error)
{
  out[0] = cotangent[0] * (2 * r[0] * r[1] + (r[0] > 1 ? 5 : 0));
  out[1] = cotangent[0] * r[0] * r[0];
  return TRUE;
}

static void
curved_free(PctDecoder *decoder)
{
}

// From (0, 0) to (2, 3): a owes 2/3 of a^2 b and all of the kink, b 1/3. The derivative at the end says otherwise.
static void
test_curved(void)
{
  const PctDecoderClass klass = { .about = { .kind = "curved" }, .reconstruct = curved_reconstruct,
                                  .pullback = curved_pullback, .free = curved_free };
  PctDecoder decoder;
  pct_decoder_init(&decoder, &klass, 2, 1, 1);
  const float responses[] = { 2, 3 }, mean[] = { 0, 0 }, std[] = { 1, 2 };
  PctInfluencePoint at = { responses, 1, NULL, mean, std, { 0 } };
  g_autoptr(PctInfluence) contribution = pct_influence_new(&decoder, PCT_INFLUENCE_CONTRIBUTION, &at, NULL, NULL);
  g_test_message("%d steps, gap %g", contribution->n_steps, contribution->gap);
  g_assert_cmpint(contribution->n_steps, >, 3);
  g_assert_cmpint(contribution->n_steps, <=, 81);
  g_assert_cmpfloat_with_epsilon(contribution->change, 17, 1e-6);
  g_assert_cmpfloat_with_epsilon(contribution->values[0], 8 + 5, 0.15);
  g_assert_cmpfloat_with_epsilon(contribution->values[1], 4, 0.05);
  g_assert_cmpfloat_with_epsilon(contribution->gap, 17 - contribution->values[0] - contribution->values[1], 1e-9);
  g_autoptr(PctInfluence) sensitivity = pct_influence_new(&decoder, PCT_INFLUENCE_SENSITIVITY, &at, NULL, NULL);
  g_assert_cmpfloat_with_epsilon(sensitivity->values[0], 12 + 5, 1e-6);
  g_assert_cmpfloat_with_epsilon(sensitivity->values[1], 2 * 4, 1e-6);
  g_autoptr(PctInfluence) silencing = pct_influence_new(&decoder, PCT_INFLUENCE_SILENCING, &at, NULL, NULL);
  g_assert_cmpfloat_with_epsilon(silencing->values[0], 17, 1e-6);
  g_assert_cmpfloat_with_epsilon(silencing->values[1], 12, 1e-6);
}

static void
test_silencing(gconstpointer data)
{
  g_auto(Asked) asked = { 0 };
  asked_init(&asked, data, region);
  asked.responses[5] = asked.at.mean[5];  // silent already
  g_autoptr(PctInfluence) influence = must_ask(&asked, PCT_INFLUENCE_SILENCING);
  int pixels = small_world.height * small_world.width;
  g_autofree float *whole = g_new(float, pixels), *without = g_new(float, pixels);
  double largest = 0;
  draw(&asked, asked.responses, whole);
  for (int i = 0; i < influence->n_neurons; i++) {
    float value = asked.responses[i];
    double squares = 0;
    asked.responses[i] = asked.at.mean[i];
    draw(&asked, asked.responses, without);
    asked.responses[i] = value;
    for (int j = 0; j < pixels; j++)
      squares += ((double)whole[j] - without[j]) * ((double)whole[j] - without[j]);
    g_assert_cmpfloat_with_epsilon(influence->values[i], sqrt(squares / pixels), 5e-3);
    largest = MAX(largest, influence->values[i]);
  }
  g_assert_cmpfloat(influence->values[5], ==, 0);
  g_assert_cmpfloat(largest, >, 0.1);
}

static void
test_no_derivative(gconstpointer data)
{
  const Variant *variant = data;
  if (variant->klass->pullback) {
    g_test_skip("it has one");
    return;
  }
  g_auto(Asked) asked = { 0 };
  asked_init(&asked, variant, region);
  for (int measure = 0; measure < PCT_INFLUENCE_SILENCING; measure++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(pct_influence_new(asked.decoder, measure, &asked.at, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED);
  }
}

typedef struct {
  int heard, stop_at;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  return ++listener->heard != listener->stop_at;
}

// At every report: nothing comes of it, and not a word is said after.
static void
test_cancel(gconstpointer data)
{
  const Variant *variant = data;
  g_auto(Asked) asked = { 0 };
  asked_init(&asked, variant, region);
  for (int measure = variant->klass->pullback ? 0 : PCT_INFLUENCE_SILENCING; measure < PCT_N_INFLUENCE_MEASURES;
       measure++) {
    Listener all = { 0 };
    PctRun run = { listen, &all, world.pool };
    g_autoptr(PctInfluence) influence = pct_influence_new(asked.decoder, measure, &asked.at, &run, NULL);
    g_assert_cmpint(all.heard, >=, measure == PCT_INFLUENCE_SENSITIVITY ? 1 : 4);
    for (int i = 1; i <= all.heard; i++) {
      Listener listener = { 0, i };
      PctRun stopped = { listen, &listener, world.pool };
      g_autoptr(GError) error = NULL;
      g_assert_null(pct_influence_new(asked.decoder, measure, &asked.at, &stopped, &error));
      g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
      g_assert_cmpint(listener.heard, ==, i);
    }
  }
}

static void
test_regions(void)
{
  const PctRegion bad[] = {
    { 0, 0, 17, 12 }, { 0, 0, 16, 13 }, { -1, 0, 4, 4 },      { 0, -1, 4, 4 },  { 13, 0, 4, 4 },  { 0, 9, 4, 4 },
    { 0, 0, 0, 4 },   { 0, 0, 4, 0 },   { 0, 0, -4, 4 },      { 16, 0, 1, 1 },  { 0, 12, 1, 1 },  { 2, 0, 0, 0 },
    { G_MAXINT, 0, G_MAXINT, 1 },       { 1, 1, G_MAXINT, 4 }, { 1, 1, 4, G_MAXINT }, { G_MININT, 0, 4, 4 },
  };
  const PctRegion good[] = { { 0 }, { 0, 0, 16, 12 }, { 15, 11, 1, 1 }, { 3, 2, 7, 5 } };
  Variant variant = { pct_decoder_find_class("ridge"), -1 };
  for (guint i = 0; i < G_N_ELEMENTS(good); i++)
    g_assert_true(pct_region_check(&good[i], 12, 16, NULL));
  g_auto(Asked) asked = { 0 };
  asked_init(&asked, &variant, region);
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    asked.at.region = bad[i];
    g_assert_null(pct_influence_new(asked.decoder, PCT_INFLUENCE_SENSITIVITY, &asked.at, NULL, &error));
    g_assert_error(error, PCT_ERROR, PCT_ERROR_SHAPE);
    g_assert_true(g_str_has_suffix(error->message, "."));
  }
}

static void
test_order(void)
{
  double values[] = { 0.5, -2, 0, 2, -0.5, 3 };
  const int expected[] = { 5, 1, 3, 0, 4, 2 };
  PctInfluence influence = { .n_neurons = G_N_ELEMENTS(values), .values = values };
  g_autofree int *order = pct_influence_dup_order(&influence);
  g_assert_cmpmem(order, sizeof expected, expected, sizeof expected);
}

static void
test_measures(void)
{
  PctInfluenceMeasure found;
  for (int measure = 0; measure < PCT_N_INFLUENCE_MEASURES; measure++) {
    g_assert_true(pct_influence_measure_from_name(pct_influence_measure_get_name(measure), &found));
    g_assert_cmpint(found, ==, measure);
    g_assert_true(*pct_influence_measure_get_title(measure) && *pct_influence_measure_get_unit(measure));
    g_assert_true(g_str_has_suffix(pct_influence_measure_get_help(measure), "."));
  }
  g_assert_false(pct_influence_measure_from_name("influence", &found));
  g_assert_false(pct_influence_measure_from_name(NULL, &found));
}

static void
add(const Variant *variant, const char *what, void (*test)(gconstpointer))
{
  g_autofree char *path = g_strdup_printf("/influence/%s/%s", variant->klass->about.kind, what);
  g_test_add_data_func_full(path, g_memdup2(variant, sizeof *variant), test, g_free);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  guint n;
  const PctDecoderClass *const *classes = pct_decoder_get_classes(&n);
  for (guint i = 0; i < n; i++) {
    Variant variant = { classes[i], pct_option_table_has(classes[i]->about.options, PCT_OPTION_PRETRAIN) ? 0 : -1 };
    add(&variant, "sensitivity", test_sensitivity);
    add(&variant, "contribution", test_contribution);
    add(&variant, "silencing", test_silencing);
    add(&variant, "no-derivative", test_no_derivative);
    add(&variant, "cancel", test_cancel);
  }
  g_test_add_func("/influence/exact-for-ridge", test_exact);
  g_test_add_func("/influence/curved", test_curved);
  g_test_add_func("/influence/regions", test_regions);
  g_test_add_func("/influence/order", test_order);
  g_test_add_func("/influence/measures", test_measures);
  world_init(&world, FALSE);
  fitted = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)pct_decoder_unref);
  int failed = g_test_run();
  g_hash_table_unref(fitted);
  world_clear(&world);
  return failed;
}
