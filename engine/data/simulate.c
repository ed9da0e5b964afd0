// SPDX-License-Identifier: GPL-3.0-or-later
// Three stages: pictures, the rates they evoke, and the trials. Each knows nothing of the others but the arrays between
// them, so that rates from elsewhere (a trained encoder) can take the place of the simulated cells.
#include "config.h"
#include "data/simulate.h"
#include <glib/gi18n-lib.h>
#include <string.h>
#include "base/blas.h"
#include "base/error.h"
#include "base/random.h"
#include "data/demo-behaviour.h"
#include "data/demo-labels.h"
#include "data/demo-neurons.h"
#include "data/half.h"
#include "data/simulate-images.h"

#define STREAM_ORDER ((guint64)0x60 << 32)
#define BATCH 64
#define MOST_NEURONS 20000
#define MOST_TRIALS 1000000
#define LARGEST_RESPONSE 65504.0f  // of float16

gboolean
pct_noise_from_name(const char *name, PctNoise *noise)
{
  static const char *const names[] = { "events", "poisson", "none" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_strcmp0(name, names[i]) == 0) {
      *noise = (PctNoise)i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
check_option(const char *what, int value, int least, int most, GError **error)
{
  if (value >= least && value <= most)
    return TRUE;
  // Translators: %s is the name of an option, as in “neurons”.
  g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED, _("The number of %s must be between %d and %d, not %d."), what,
              least, most, value);
  return FALSE;
}

static gboolean
check_options(const PctSimulation *s, GError **error)
{
  return (s->rates || check_option(_("neurons"), s->n_neurons, 1, MOST_NEURONS, error)) &&
         check_option(_("repeats"), s->n_repeats, 1, 1000, error) &&
         check_option(_("trials"), s->n_trials, 10 + s->n_repeats, MOST_TRIALS, error) &&
         check_option(_("rows of pixels"), s->height, 8, 1024, error) &&
         check_option(_("columns of pixels"), s->width, 8, 1024, error);
}

static gboolean
get_images(const PctSimulation *s, PctSimulationImages *images, const PctRun *run, double total, GError **error)
{
  if (!s->images || strcmp(s->images, "procedural") == 0)
    return pct_simulation_images_draw(images, s->seed, run, total, error);
  if (g_file_test(s->images, G_FILE_TEST_IS_DIR)) {
    // A recording may be a folder too: the file tree of images and responses, told by what it must hold.
    g_autofree char *tree = g_build_filename(s->images, "data", "images", NULL);
    if (!g_file_test(tree, G_FILE_TEST_IS_DIR))
      return pct_simulation_images_from_folder(images, s->images, s->seed, run, total, error);
  }
  return pct_simulation_images_from_recording(images, s->images, s->seed, run, error);
}

typedef struct {
  const PctDemoNoise *noise;
  const float *rates;
  const PctRecordingData *data;
  int offset;
} Trials;

static void
record_trials(gsize first, gsize end, guint thread, gpointer data)
{
  const Trials *trials = data;
  gsize m = (gsize)trials->data->n_neurons;
  g_autofree float *responses = g_new(float, m);
  for (gsize i = (gsize)trials->offset + first; i < (gsize)trials->offset + end; i++) {
    pct_demo_noise_record(trials->noise, (int)i, trials->rates + (gsize)trials->data->image_index[i] * m, responses);
    for (gsize j = 0; j < m; j++)
      responses[j] = MIN(responses[j], LARGEST_RESPONSE);
    pct_half_from_float(trials->data->responses_half + i * m, responses, m);
  }
}

// Which image each trial shows: wanted[tier] pictures shown in each tier, those of the test tier n_repeats times,
// everything in mixed order. Fills image_index, tiers and trial_repeat.
static void
plan_trials(const PctSimulation *s, const PctSimulationImages *images, const int *wanted, PctRecordingData *data)
{
  int n = data->n_trials, at = 0, start = 0;
  g_autofree gint32 *shown = g_new(gint32, n);
  g_autofree guint32 *order = g_new(guint32, n);
  g_autofree int *seen = g_new0(int, data->n_images);
  for (int tier = 0; tier < PCT_N_TIERS; start += images->n[tier], tier++) {
    int count = tier == PCT_TIER_TEST ? images->n[tier] * s->n_repeats : wanted[tier];
    for (int i = 0; i < count; i++)
      shown[at++] = start + i % images->n[tier];
  }
  PctRandom random = pct_random(s->seed, STREAM_ORDER);
  pct_random_permutation(&random, order, (guint32)n);
  data->image_index = g_new(gint32, n);
  data->trial_repeat = g_new(gint32, n);
  data->tiers = g_new(guint8, n);
  for (int i = 0; i < n; i++) {
    gint32 image = shown[order[i]];
    data->image_index[i] = image;
    data->trial_repeat[i] = seen[image]++;
    data->tiers[i] = image < images->n[0] ? PCT_TIER_TRAIN
                     : image < images->n[0] + images->n[1] ? PCT_TIER_VALIDATION
                                                           : PCT_TIER_TEST;
  }
}

static gboolean
begin_phase(const PctRun *run, const char *phase, double step, double total, GError **error)
{
  PctProgress progress = { .phase = phase, .step = step, .total = total };
  return pct_run_report(run, &progress, error);
}

// Rates (K,M) of the simulated cells, and where these lie.
static float *
simulate_rates(const PctSimulation *s, PctRecordingData *data, const PctRun *run, double first, double total,
               GError **error)
{
  gsize m = (gsize)s->n_neurons;
  data->n_neurons = s->n_neurons;
  if (!begin_phase(run, _("Simulating neurons"), first, total, error))
    return NULL;
  g_autoptr(PctFloats) rates = pct_aligned_new((gsize)data->n_images * m, error);
  g_autoptr(PctDemoNeurons) neurons =
    rates ? pct_demo_neurons_new(s->n_neurons, data->height, data->width, s->seed, pct_run_get_pool(run), error) : NULL;
  if (!neurons ||
      !pct_demo_neurons_answer(neurons, data->image_bytes, data->n_images, rates, run, first, total, error))
    return NULL;
  data->position_dimensions = 2;
  data->cell_positions = g_memdup2(pct_demo_neurons_get_positions(neurons), 2 * m * sizeof(float));
  pct_demo_label_neurons(data, s->seed);
  return g_steal_pointer(&rates);
}

// Rates (K,M) from elsewhere.
static float *
get_rates(const PctSimulation *s, PctRecordingData *data, const PctRun *run, GError **error)
{
  g_autoptr(PctFloats) rates = s->rates(data->image_bytes, data->n_images, data->height, data->width, &data->n_neurons,
                                        run, s->rates_data, error);
  return rates && check_option(_("neurons"), data->n_neurons, 1, MOST_NEURONS, error) ? g_steal_pointer(&rates) : NULL;
}

static gboolean
simulate(const PctSimulation *s, PctRecordingData *data, const PctRun *run, GError **error)
{
  g_auto(PctSimulationImages) images = { .height = s->height, .width = s->width };
  images.n[PCT_TIER_TEST] = MAX(1, (int)(s->n_trials * 2.0 / 13.0 / s->n_repeats + 0.5));
  images.n[PCT_TIER_VALIDATION] = MAX(1, s->n_trials / 13);
  images.n[PCT_TIER_TRAIN] = s->n_trials - images.n[PCT_TIER_VALIDATION] - images.n[PCT_TIER_TEST] * s->n_repeats;
  int wanted[PCT_N_TIERS] = { images.n[0], images.n[1], images.n[2] };
  // A picture costs about as much to draw as to answer, and a trial as a picture.
  double drawn = (double)wanted[0] + wanted[1] + wanted[2], total = 2.0 * drawn + s->n_trials;
  if (!begin_phase(run, _("Preparing images"), 0, total, error) || !get_images(s, &images, run, total, error))
    return FALSE;
  data->n_images = images.n[0] + images.n[1] + images.n[2];
  data->height = images.height;
  data->width = images.width;
  data->n_trials = wanted[PCT_TIER_TRAIN] + wanted[PCT_TIER_VALIDATION] + images.n[PCT_TIER_TEST] * s->n_repeats;
  data->image_bytes = g_steal_pointer(&images.pixels);
  plan_trials(s, &images, wanted, data);

  g_autoptr(PctFloats) rates = s->rates ? get_rates(s, data, run, error) : simulate_rates(s, data, run, drawn, total, error);
  if (!rates)
    return FALSE;
  gsize m = (gsize)data->n_neurons;

  if (!begin_phase(run, _("Recording trials"), 2.0 * drawn, total, error))
    return FALSE;
  data->responses_half = g_try_new(guint16, (gsize)data->n_trials * m);
  if (!data->responses_half) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for %d trials of %d neurons."),
                data->n_trials, data->n_neurons);
    return FALSE;
  }
  g_autoptr(PctDemoNoise) noise = pct_demo_noise_new(s->noise, data->n_trials, data->n_neurons, s->seed);
  Trials trials = { noise, rates, data, 0 };
  for (; trials.offset < data->n_trials; trials.offset += BATCH) {
    int count = MIN(BATCH, data->n_trials - trials.offset);
    pct_parallel_for(pct_run_get_pool(run), (gsize)count, 4, record_trials, &trials);
    if (!pct_run_step(run, 2.0 * drawn + trials.offset + count, total, error))
      return FALSE;
  }
  if (s->noise == PCT_NOISE_EVENTS)
    pct_demo_behaviour_simulate(data, noise, s->seed);
  data->name = g_strdup(s->name ? s->name : _("simulated"));
  return TRUE;
}

PctRecording *
pct_simulate(const PctSimulation *simulation, const PctRun *run, GError **error)
{
  g_return_val_if_fail(simulation, NULL);
  PctRecordingData data = { 0 };
  if (!check_options(simulation, error) || !simulate(simulation, &data, run, error)) {
    pct_recording_data_clear(&data);
    return NULL;
  }
  return pct_recording_new_take(&data, error);
}
