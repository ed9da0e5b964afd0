// SPDX-License-Identifier: GPL-3.0-or-later
// What an encoder and a set of most exciting inputs tell of neurons: by loops written out here over the same encoder.
#include "neurons-fixture.h"
#include "work/cross-activation.h"
#include "work/neuron-detail.h"
#include "work/project-private.h"

// A model of that kind, trained; borrowed from the project.
static PctModel *
train(PctProject *project, const char *kind, guint64 seed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_project_train(project, pct_project_find_kind(project, kind), NULL, seed, NULL, &error);
  g_assert_no_error(error);
  wait_until(pct_job_is_over(job));
  g_assert_no_error(pct_job_get_error(job));
  PctModel *model = pct_training_get_model(job);
  g_assert_cmpint(pct_model_get_state(model), ==, PCT_MODEL_FINISHED);
  return pct_project_find_model(project, pct_model_get_name(model));
}

static double
correlate(const double *a, const double *b, int n)
{
  double mean_a = 0, mean_b = 0, ab = 0, aa = 0, bb = 0;
  for (int i = 0; i < n; i++) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  for (int i = 0; i < n; i++) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab / sqrt(aa * bb);
}

static PctEncoder *
get_encoder(PctModel *model)
{
  g_autoptr(GError) error = NULL;
  PctEncoder *encoder = pct_model_encoder_get(pct_model_get_encoder(model), &error);
  g_assert_no_error(error);
  return encoder;
}

// rates (N_NEURONS,) at a picture.
static void
compute_rates(PctEncoder *encoder, const float *picture, float *rates)
{
  g_assert_true(pct_encoder_compute_rates(encoder, picture, 1, rates, NULL, NULL));
}

static void
check_correlations(PctProject *project, PctNeurons *neurons, PctModel *model)
{
  g_autoptr(PctEncoder) encoder = get_encoder(model);
  double predicted[N_TEST * N_REPEATS][N_NEURONS], answered[N_TEST * N_REPEATS][N_NEURONS];
  for (int i = 0; i < N_TEST; i++) {
    g_autoptr(PctPicture) picture = pct_project_dup_picture(project, FIRST_TEST + i);
    float rates[N_NEURONS];
    compute_rates(encoder, pct_picture_get_pixels(picture), rates);
    for (int k = 0; k < N_REPEATS; k++) {
      g_autoptr(PctResponses) responses = pct_project_dup_responses(project, FIRST_TEST + i, k);
      for (int j = 0; j < N_NEURONS; j++) {
        predicted[i * N_REPEATS + k][j] = (double)rates[j];
        answered[i * N_REPEATS + k][j] = (double)pct_responses_get_values(responses)[j];
      }
    }
  }
  for (int j = 0; j < N_NEURONS; j++) {
    double a[N_TEST * N_REPEATS], b[N_TEST * N_REPEATS];
    for (int t = 0; t < N_TEST * N_REPEATS; t++) {
      a[t] = predicted[t][j];
      b[t] = answered[t][j];
    }
    double value = pct_neurons_get_value(neurons, PCT_COLUMN_CORRELATION, j);
    g_assert_cmpfloat_with_epsilon(value, correlate(a, b, N_TEST * N_REPEATS), 1e-4);
    // Means are another figure.
    g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_CORRELATION_AVERAGED, j), !=, value);
  }
}

static void
test_encoder(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctNeurons *neurons = pct_neurons_new(project);
  pct_neurons_set_active(neurons, TRUE);
  g_assert_null(pct_neurons_get_encoder(neurons));
  PctNeuronDetail *detail = pct_neuron_detail_new(neurons);
  pct_neuron_detail_set_neuron(detail, 4);
  int notified = 0;
  g_signal_connect(neurons, "notify::encoder", G_CALLBACK(count_notify), &notified);
  // A decoder is none.
  train_ridge(project);
  g_assert_null(pct_neurons_get_encoder(neurons));
  PctModel *first = train(project, "ln", 1);
  g_assert_true(pct_neurons_get_encoder(neurons) == first);
  g_assert_cmpint(notified, ==, 1);
  g_assert_true(pct_neurons_get_pending(neurons) & PCT_COLUMN_BIT(PCT_COLUMN_CORRELATION));
  wait_until(pct_neurons_get_pending(neurons) == 0);
  g_assert_null(pct_neurons_get_problem(neurons));
  check_correlations(project, neurons, first);

  // The gradient comes by itself to who looks at a neuron.
  wait_until(!pct_neuron_detail_is_busy(detail));
  PctPicture *picture = pct_neuron_detail_get_picture(detail, PCT_NEURON_PICTURE_GRADIENT);
  g_autoptr(PctEncoder) encoder = get_encoder(first);
  float grey[SIDE * SIDE], gradient[SIDE * SIDE], most = 0;
  for (int i = 0; i < SIDE * SIDE; i++)
    grey[i] = pct_project_get_opened(project)->statistics->image_mean;
  g_assert_true(pct_encoder_compute_gradients(encoder, grey, &(int){ 4 }, 1, NULL, gradient, NULL, NULL));
  for (int i = 0; i < SIDE * SIDE; i++)
    most = MAX(most, fabsf(gradient[i]));
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon(pct_picture_get_pixels(picture)[i], 127.5f + 127.5f * gradient[i] / most, 1e-2);

  // Another one, chosen and given up again.
  PctModel *second = train(project, "ln", 2);
  PctModel *best = pct_project_find_best_encoder(project), *other = best == first ? second : first;
  wait_until(pct_neurons_get_pending(neurons) == 0);
  g_assert_true(pct_neurons_get_encoder(neurons) == best);
  pct_neurons_set_encoder(neurons, other);
  g_assert_true(pct_neurons_get_encoder(neurons) == other);
  g_assert_null(pct_neurons_get_column(neurons, PCT_COLUMN_CORRELATION));
  // Changed while the job for the first is under way: never its answer.
  pct_neurons_set_encoder(neurons, best);
  pct_neurons_set_encoder(neurons, other);
  wait_until(pct_neurons_get_pending(neurons) == 0);
  check_correlations(project, neurons, other);
  // Changed when the first's job has ended and its answer waits to be told: nor then.
  pct_neurons_set_encoder(neurons, best);
  g_usleep(G_USEC_PER_SEC / 2);
  pct_neurons_set_encoder(neurons, other);
  wait_until(pct_neurons_get_pending(neurons) == 0);
  check_correlations(project, neurons, other);
  pct_neurons_set_encoder(neurons, NULL);
  wait_until(pct_neurons_get_pending(neurons) == 0);
  check_correlations(project, neurons, best);
  g_assert_finalize_object(detail);
  g_assert_finalize_object(neurons);

  // Weights that cannot be read: a sentence, once.
  g_autofree char *weights = g_build_filename(pct_model_get_folder(best), "weights.safetensors", NULL);
  g_assert_true(g_file_set_contents(weights, "no weights", -1, NULL));
  let_go(fixture, project);
  project = open_project(fixture);
  neurons = pct_neurons_new(project);
  pct_neurons_set_active(neurons, TRUE);
  wait_until(pct_neurons_get_problem(neurons));
  wait_until(pct_neurons_get_pending(neurons) == 0);
  g_assert_null(pct_neurons_get_column(neurons, PCT_COLUMN_CORRELATION));
  pct_neurons_set_active(neurons, TRUE);
  g_assert_cmpuint(pct_neurons_get_pending(neurons), ==, 0);
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
}

static void
check_cross_activation(PctNeurons *neurons, PctEncoder *encoder, double mean, PctCrossActivation *cross, int n_expected)
{
  int n;
  const int *which;
  const float *values = pct_cross_activation_get(cross, &n, &which);
  g_assert_null(pct_cross_activation_get_problem(cross));
  g_assert_cmpint(n, ==, n_expected);
  g_autofree float *rates = g_new(float, n * N_NEURONS);
  float flat[SIDE * SIDE], grey[N_NEURONS];
  for (int i = 0; i < SIDE * SIDE; i++)
    flat[i] = (float)mean;
  compute_rates(encoder, flat, grey);
  for (int i = 0; i < n; i++) {
    g_autoptr(PctPicture) picture = pct_neurons_dup_mei(neurons, which[i]);
    compute_rates(encoder, pct_picture_get_pixels(picture), rates + i * N_NEURONS);
  }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double own = (double)(rates[j * N_NEURONS + which[j]] - grey[which[j]]);
      double cross_rate = (double)(rates[i * N_NEURONS + which[j]] - grey[which[j]]);
      g_assert_cmpfloat_with_epsilon((double)values[i * n + j], cross_rate / own, 1e-3 * (1 + fabs(cross_rate / own)));
    }
}

static void
test_meis(Fixture *fixture, gconstpointer data)
{
  PctProject *project = open_project(fixture);
  PctNeurons *neurons = pct_neurons_new(project);
  pct_neurons_set_active(neurons, TRUE);
  PctNeuronDetail *detail = pct_neuron_detail_new(neurons);
  PctCrossActivation *cross = pct_cross_activation_new(neurons);
  pct_neuron_detail_set_neuron(detail, 6);
  pct_cross_activation_set(cross, (int[]){ 6, 2, 9 }, 3);
  g_assert_nonnull(pct_cross_activation_get_problem(cross));
  PctModel *model = train(project, "ln", 1);
  g_autoptr(PctEncoder) encoder = get_encoder(model);
  g_autoptr(PctJob) job = pct_neurons_find_receptive_fields(neurons, NULL);
  wait_until(pct_neurons_get_pending(neurons) == 0);
  g_assert_nonnull(pct_cross_activation_get_problem(cross));
  g_assert_null(pct_neurons_dup_mei(neurons, 6));

  // The set is in use from its first row on.
  int n_changed = 0;
  g_signal_connect(neurons, "meis-changed", G_CALLBACK(count), &n_changed);
  PctModel *set = train(project, "mei", 3);
  g_assert_true(pct_neurons_get_mei_set(neurons) == set);
  wait_until(pct_neurons_get_n_meis(neurons) == N_NEURONS && n_changed > 0);
  wait_until(isfinite(pct_neurons_get_value(neurons, PCT_COLUMN_MEI_RESPONSE, N_NEURONS - 1)));
  wait_until(pct_neurons_get_pending(neurons) == 0 && !pct_neuron_detail_is_busy(detail));
  wait_until(!pct_cross_activation_is_busy(cross));
  double mean = 0, deviation = 0;
  g_autoptr(PctPicture) mei = pct_neurons_dup_mei(neurons, 6);
  for (int i = 0; i < SIDE * SIDE; i++)
    mean += (double)pct_picture_get_pixels(mei)[i] / (SIDE * SIDE);
  for (int i = 0; i < SIDE * SIDE; i++)
    deviation += pow((double)pct_picture_get_pixels(mei)[i] - mean, 2) / (SIDE * SIDE);
  float flat[SIDE * SIDE], rates[N_NEURONS], at_grey[N_NEURONS];
  for (int i = 0; i < SIDE * SIDE; i++)
    flat[i] = pct_project_get_opened(project)->statistics->image_mean;
  compute_rates(encoder, flat, at_grey);
  compute_rates(encoder, pct_picture_get_pixels(mei), rates);
  double response = pct_neurons_get_value(neurons, PCT_COLUMN_MEI_RESPONSE, 6);
  g_assert_cmpfloat_with_epsilon(response, (double)rates[6], 1e-3 * response);
  g_assert_cmpfloat_with_epsilon(pct_neurons_get_value(neurons, PCT_COLUMN_MEI_GAIN, 6),
                                 (double)rates[6] / (double)at_grey[6], 1e-2);

  // Looked at closely: what shows is the same, and the best Gabor of that contrast does not beat it.
  g_assert_cmpfloat(largest_difference(pct_neuron_detail_get_picture(detail, PCT_NEURON_PICTURE_MEI), mei), ==, 0);
  PctNeuronPrediction prediction = pct_neuron_detail_get_prediction(detail);
  g_assert_cmpfloat_with_epsilon(prediction.mei, response, 1e-3 * response);
  g_assert_cmpfloat_with_epsilon(prediction.grey, (double)at_grey[6], 1e-3);
  g_assert_cmpfloat_with_epsilon(prediction.contrast, sqrt(deviation), 1e-2 * prediction.contrast);
  if (isfinite(pct_neurons_get_value(neurons, PCT_COLUMN_GABOR_KIND, 6))) {
    g_assert_cmpfloat(prediction.gabor, <, prediction.mei);
    g_assert_cmpfloat(prediction.gabor, >, prediction.grey);
  }

  check_cross_activation(neurons, encoder, (double)flat[0], cross, 3);
  int all[N_NEURONS];
  for (int i = 0; i < N_NEURONS; i++)
    all[i] = N_NEURONS - 1 - i;
  for (int n = 1; n <= N_NEURONS; n++)
    pct_cross_activation_set(cross, all, n);
  wait_until(!pct_cross_activation_is_busy(cross));
  check_cross_activation(neurons, encoder, (double)flat[0], cross, N_NEURONS);
  pct_cross_activation_set(cross, NULL, 0);
  int n;
  g_assert_null(pct_cross_activation_get(cross, &n, NULL));
  g_assert_cmpint(n, ==, 0);
  g_assert_null(pct_cross_activation_get_problem(cross));

  // Read back when it is opened again.
  pct_cross_activation_set(cross, all, N_NEURONS);
  g_assert_finalize_object(cross);
  g_assert_finalize_object(detail);
  g_clear_object(&job);
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
  project = open_project(fixture);
  neurons = pct_neurons_new(project);
  g_assert_cmpint(pct_neurons_get_n_meis(neurons), ==, 0);
  g_assert_nonnull(pct_neurons_get_mei_set(neurons));
  pct_neurons_set_active(neurons, TRUE);
  g_assert_true(pct_neurons_get_pending(neurons) & PCT_COLUMN_BIT(PCT_COLUMN_MEI_GAIN));
  wait_until(pct_neurons_get_pending(neurons) == 0);
  g_assert_cmpint(pct_neurons_get_n_meis(neurons), ==, N_NEURONS);
  g_autoptr(PctPicture) again = pct_neurons_dup_mei(neurons, 6);
  g_assert_cmpfloat(largest_difference(again, mei), ==, 0);
  g_assert_cmpfloat(pct_neurons_get_value(neurons, PCT_COLUMN_MEI_RESPONSE, 6), ==, response);
  g_assert_finalize_object(neurons);
  let_go(fixture, project);
}

static void
add_all(void)
{
  add("/work/neuron-models/encoder", test_encoder);
  add("/work/neuron-models/meis", test_meis);
}

int
main(int argc, char **argv)
{
  return run_tests(argc, argv, add_all);
}
