// SPDX-License-Identifier: GPL-3.0-or-later
// percept-cli bench: how fast this machine does what takes longest, at the size of the reference recording (36 x 64
// pixels, 5,335 neurons), beside what its matrix product reaches. The networks are untrained: their arithmetic is that
// of trained ones.
#include "config.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include "base/blas.h"
#include "base/random.h"
#include "command.h"
#include "console.h"
#include "encode/cropped-encoder.h"
#include "encode/encoder-private.h"
#include "encode/encoder-step.h"
#include "nn/fast-noise.h"
#include "nn/optimizer.h"
#include "table.h"

#define BATCH 60
#define ROUNDS 8
#define EVALUATIONS 200

// What a benchmark found: of one unit of its work.
typedef struct {
  double seconds, operations;
} Measured;

// The encoder of the reference recording, untrained.
typedef struct {
  PctEncoder *encoder;
  PctPool *pool;
  const PctRun *run;
  float *images;    // (BATCH,H,W)
} Work;

static double
now(void)
{
  return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static gboolean
work_init(Work *work, PctPool *pool, const PctRun *run, GError **error)
{
  PctEncoderDesign design = { .height = 36, .width = 64, .n_neurons = 5335, .n_layers = 4, .channels = 64,
                              .input_kernel = 15, .hidden_kernel = 13, .depth_separable = TRUE,
                              .readout = PCT_READOUT_POINT, .pool = 1 };
  gsize n = BATCH * 36 * 64;
  *work = (Work){ pct_encoder_new(&design, &PCT_ENCODER_INITIAL_DEFAULT, error), pool, run, g_new(float, n) };
  if (!work->encoder)
    return FALSE;
  pct_parameters_initialise(work->encoder->parameters, 1);
  pct_encoder_find_points(work->encoder);
  pct_random_fill_uniform(work->images, n, 1, 2);
  for (gsize i = 0; i < n; i++)
    work->images[i] *= 255;
  return TRUE;
}

static void
work_clear(Work *work)
{
  pct_encoder_unref(work->encoder);
  g_free(work->images);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

// Multiplications and additions of a forward pass of one image in the first layer, and in all else.
static void
count_forward(const PctEncoderDesign *d, double *first, double *rest)
{
  double pixels = (double)pct_encoder_design_get_map_height(d) * pct_encoder_design_get_map_width(d), c = d->channels;
  *first = 2 * pixels * c * d->input_kernel * d->input_kernel;
  // A readout is four pixels' products.
  *rest = 2 * pixels * c * (2 * c + d->hidden_kernel * d->hidden_kernel) * (d->n_layers - 1) + 8 * c * d->n_neurons;
}

static gboolean
measure_forward(Work *work, Measured *measured, GError **error)
{
  const PctEncoder *encoder = work->encoder;
  g_autofree float *rates = g_new(float, BATCH * (gsize)encoder->design.n_neurons);
  PctRun quiet = { .pool = work->pool };
  double first, rest;
  count_forward(&encoder->design, &first, &rest);
  *measured = (Measured){ G_MAXDOUBLE, BATCH * (first + rest) };
  for (int i = 0; i < ROUNDS; i++) {
    double start = now();
    if (!pct_encoder_compute_rates(encoder, work->images, BATCH, rates, &quiet, error) ||
        !pct_run_step(work->run, i, ROUNDS, error))
      return FALSE;
    measured->seconds = MIN(measured->seconds, now() - start);
  }
  return TRUE;
}

// Position noise, loss, gradients, regularisers and Adam.
static gboolean
measure_step(Work *work, Measured *measured, GError **error)
{
  const PctEncoder *encoder = work->encoder;
  const PctEncoderStepOptions options = { .smooth_input = 1, .sparse_features = 2.439 };
  const PctOptimizerOptions adam = PCT_ADAM_DEFAULT;
  const PctParameterTable *table = encoder->parameters->table;
  gsize m = (gsize)encoder->design.n_neurons;
  g_autofree float *targets = g_new(float, BATCH * m);
  g_autoptr(PctEncoderStep) step =
    pct_encoder_step_new(&encoder->design, encoder->network, &options, BATCH, work->pool, error);
  g_autoptr(PctFloats) gradients = step ? pct_aligned_new(table->n_values, error) : NULL;
  g_autoptr(PctOptimizer) optimizer = gradients ? pct_optimizer_new(table, &adam, error) : NULL;
  if (!optimizer)
    return FALSE;
  pct_random_fill_uniform(targets, BATCH * m, 1, 3);
  double first, rest;
  count_forward(&encoder->design, &first, &rest);
  // Backwards a layer costs twice its forward pass; the first, whose images need no gradient, once.
  *measured = (Measured){ G_MAXDOUBLE, BATCH * (2 * first + 3 * rest) };
  for (int i = 0; i < ROUNDS; i++) {
    memcpy(pct_encoder_step_get_images(step), work->images, BATCH * 36 * 64 * sizeof(float));
    double start = now();
    pct_fast_noise(pct_encoder_step_get_noise(step), BATCH * 2 * m, 1, (guint64)i, work->pool);
    pct_encoder_step_run(step, encoder->parameters, targets, BATCH, 8, gradients);
    pct_optimizer_step(optimizer, work->pool, encoder->parameters, gradients, 0.005);
    measured->seconds = MIN(measured->seconds, now() - start);
    if (!pct_run_step(work->run, i, ROUNDS, error))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  const PctCroppedEncoder *encoder;
  PctCroppedScratch **scratches;  // one a thread
  float *gradients;               // (threads,H,W)
  const float *image;
  int n_neurons;
} Evaluation;

// Spread over the neurons, which see different parts of the image.
static int
neuron_of(const Evaluation *e, gsize i)
{
  return (int)(i * 1009 % (gsize)e->n_neurons);
}

static void
evaluate(gsize first, gsize end, guint thread, gpointer data)
{
  const Evaluation *e = data;
  for (gsize i = first; i < end; i++)
    pct_cropped_encoder_evaluate(e->encoder, e->scratches[thread], neuron_of(e, i), e->image,
                                 e->gradients + thread * 36 * 64);
}

// One neuron's rate and its gradient by the image, of which an MEI takes some dozen.
static gboolean
measure_mei(Work *work, Measured *measured, GError **error)
{
  guint n_threads = pct_pool_get_n_threads(work->pool), n = 0;
  g_autoptr(PctCroppedEncoder) cropped = pct_cropped_encoder_new(work->encoder, NULL, error);
  g_autofree PctCroppedScratch **scratches = g_new0(PctCroppedScratch *, n_threads);
  g_autofree float *gradients = g_new(float, n_threads * 36 * 64);
  while (cropped && n < n_threads && (scratches[n] = pct_cropped_scratch_new(cropped, error)))
    n++;
  gboolean good = n == n_threads;
  Evaluation e = { cropped, scratches, gradients, work->images, work->encoder->design.n_neurons };
  *measured = (Measured){ G_MAXDOUBLE, 0 };
  for (gsize i = 0; good && i < EVALUATIONS; i++)
    measured->operations += pct_cropped_encoder_count_operations(cropped, neuron_of(&e, i)) / EVALUATIONS;
  for (int i = 0; good && i < ROUNDS; i++) {
    double start = now();
    pct_parallel_for(work->pool, EVALUATIONS, 1, evaluate, &e);
    measured->seconds = MIN(measured->seconds, (now() - start) / EVALUATIONS);
    good = pct_run_step(work->run, i, ROUNDS, error);
  }
  while (n > 0)
    pct_cropped_scratch_free(scratches[--n]);
  return good;
}

static const struct {
  const char *name, *summary;
  gboolean (*measure)(Work *work, Measured *measured, GError **error);
} benches[] = {
  { "encoder-forward", N_("the rates of 5,335 neurons to 60 images"), measure_forward },
  { "encoder-step", N_("a training step of the gaussian encoder, batch 60"), measure_step },
  { "mei", N_("one evaluation of a most exciting input: a neuron’s rate and gradient"), measure_mei },
};

// The results of one benchmark, as a row or as an object.
static void
print_one(guint bench, guint n_threads, double peak, const Measured *m, PctTable *table, JsonBuilder *json)
{
  double rate = m->operations / m->seconds;
  if (json) {
    json_builder_begin_object(json);
    json_builder_set_member_name(json, "name");
    json_builder_add_string_value(json, benches[bench].name);
    const struct { const char *name; double value; } members[] = {
      { "threads", n_threads }, { "seconds", m->seconds }, { "gflops", rate * 1e-9 },
      { "matrix_product_gflops", peak * 1e-9 }, { "share", peak > 0 ? rate / peak : 0 } };
    for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
      json_builder_set_member_name(json, members[i].name);
      json_builder_add_double_value(json, members[i].value);
    }
    json_builder_end_object(json);
    return;
  }
  g_autofree char *threads = g_strdup_printf("%u", n_threads);
  g_autofree char *time = g_strdup_printf(_("%.2f ms"), m->seconds * 1e3);
  g_autofree char *gflops = g_strdup_printf(_("%.0f GFLOP/s"), rate * 1e-9);
  g_autofree char *share = g_strdup_printf(_("%.0f %% of %.0f"), peak > 0 ? 100 * rate / peak : 0, peak * 1e-9);
  pct_table_add(table, benches[bench].name, threads, time, gflops, share, _(benches[bench].summary));
}

static gboolean
bench(char **names, PctConsole *console, PctTable *table, JsonBuilder *json, GError **error)
{
  const PctRun *run = pct_console_get_run(console);
  guint most = pct_pool_get_n_threads(run->pool);
  for (guint i = 0; i < G_N_ELEMENTS(benches); i++) {
    if (*names && !g_strv_contains((const char *const *)names, benches[i].name))
      continue;
    for (guint n_threads = 1; n_threads <= most; n_threads += MAX(most - 1, 1)) {
      g_autoptr(PctPool) one = n_threads == 1 ? pct_pool_new(1, 0) : NULL;
      PctPool *pool = one ? one : run->pool;
      PctProgress progress = { .phase = _(benches[i].summary) };
      g_auto(Work) work = { 0 };
      Measured measured;
      if (!pct_run_report(run, &progress, error) || !work_init(&work, pool, run, error))
        return FALSE;
      // Beside the work, not long before it: on a shared machine the two change together.
      double peak = pct_gemm_measure_rate(pool);
      if (!benches[i].measure(&work, &measured, error))
        return FALSE;
      print_one(i, n_threads, peak, &measured, table, json);
    }
  }
  return TRUE;
}

static int
run_bench(char **arguments)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    { NULL },
  };
  if (!pct_command_parse(arguments, entries, "[NAME…]", -(int)G_N_ELEMENTS(benches),
                         _("Measures this machine, on one thread and on all, beside its matrix product; best of a few "
                           "rounds.\nNAME: encoder-forward, encoder-step, mei; none: all.")))
    return PCT_EXIT_USAGE;
  for (char **name = arguments + 1; *name; name++) {
    gboolean known = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(benches); i++)
      known |= g_str_equal(benches[i].name, *name);
    if (!known)
      return pct_command_refuse(_("There is no benchmark “%s”; there are encoder-forward, encoder-step and mei"), *name);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctConsole) console = pct_console_new(FALSE, &error);
  g_autoptr(PctTable) table = pct_table_new("lrrrrl");
  g_autoptr(JsonBuilder) json = as_json ? json_builder_new() : NULL;
  if (json)
    json_builder_begin_array(json);
  if (!console || !bench(arguments + 1, console, table, json, &error))
    return pct_console_fail(console, error);
  pct_console_finish(console);
  if (json) {
    json_builder_end_array(json);
    g_autoptr(JsonNode) root = json_builder_get_root(json);
    g_autofree char *text = json_to_string(root, TRUE);
    puts(text);
  } else {
    pct_table_print(table, "");
  }
  return PCT_EXIT_DONE;
}

const PctCommand pct_command_bench = { "bench", N_("measure this machine"), run_bench };
