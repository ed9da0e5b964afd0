// SPDX-License-Identifier: GPL-3.0-or-later
// The shared gain and the modes are slow walks over trials, made at construction; all else is drawn within a trial.
#include "data/demo-noise.h"
#include <math.h>
#include "base/random.h"

#define N_MODES 3
#define GAIN_SPREAD 0.12       // standard deviation of the shared gain's logarithm
#define GAIN_MEMORY 0.97       // from one trial to the next: a drift over about thirty trials
#define MODE_SPREAD 0.08       // of one mode in one neuron
#define MODE_MEMORY 0.8
#define EVENTS_PER_UNIT 0.34   // events a trial at rate 1: sets how reliable the neurons are
#define EVENT_SHAPE 3          // sizes are Erlang: mean 1, variance 1/3
#define MEASUREMENT 0.40       // standard deviation of measurement noise, in units of rate
#define STREAM_GAIN ((guint64)0x30 << 32)
#define STREAM_MODE ((guint64)0x31 << 32)
#define STREAM_LOADING ((guint64)0x32 << 32)
#define STREAM_TRIAL ((guint64)0x33 << 32)

struct _PctDemoNoise {
  PctNoise kind;
  int n_trials, n_neurons;
  guint64 seed;
  float *gains;     // (n_trials,) logarithms
  float *modes;     // (N_MODES, n_trials)
  float *loadings;  // (n_neurons, N_MODES)
};

// A stationary first-order autoregression of the given spread, in place of white noise.
static void
walk(float *values, int n, double memory, double spread)
{
  double fresh = sqrt(1.0 - memory * memory), state = 0.0;
  for (int i = 0; i < n; i++) {
    state = i ? memory * state + fresh * values[i] : values[i];
    values[i] = (float)(spread * state);
  }
}

PctDemoNoise *
pct_demo_noise_new(PctNoise kind, int n_trials, int n_neurons, guint64 seed)
{
  g_return_val_if_fail(n_trials > 0 && n_neurons > 0, NULL);
  PctDemoNoise *noise = g_new0(PctDemoNoise, 1);
  *noise = (PctDemoNoise){ kind, n_trials, n_neurons, seed };
  if (kind != PCT_NOISE_EVENTS)
    return noise;
  gsize n = (gsize)n_trials, m = (gsize)n_neurons;
  noise->gains = g_new(float, n);
  noise->modes = g_new(float, N_MODES * n);
  noise->loadings = g_new(float, N_MODES * m);
  pct_random_fill_normal(noise->gains, n, seed, STREAM_GAIN);
  walk(noise->gains, n_trials, GAIN_MEMORY, GAIN_SPREAD);
  for (gsize i = 0; i < N_MODES; i++) {
    pct_random_fill_normal(noise->modes + i * n, n, seed, STREAM_MODE + i);
    walk(noise->modes + i * n, n_trials, MODE_MEMORY, MODE_SPREAD);
  }
  pct_random_fill_normal(noise->loadings, N_MODES * m, seed, STREAM_LOADING);
  return noise;
}

void
pct_demo_noise_free(PctDemoNoise *noise)
{
  if (!noise)
    return;
  g_free(noise->gains);
  g_free(noise->modes);
  g_free(noise->loadings);
  g_free(noise);
}

float
pct_demo_noise_get_arousal(const PctDemoNoise *noise, int trial)
{
  g_return_val_if_fail(trial >= 0 && trial < noise->n_trials, 0);
  return noise->gains ? noise->gains[trial] / (float)GAIN_SPREAD : 0;
}

// Knuth's product of uniforms, in steps of 16 events so that exp does not underflow.
static int
poisson(PctRandom *random, double mean)
{
  int count = 0;
  for (; mean > 0.0; mean -= 16.0) {
    double limit = exp(-MIN(mean, 16.0)), product = 1.0;
    for (;;) {
      product *= (pct_random_next(random) + 0.5) * 0x1p-32;
      if (product <= limit)
        break;
      count++;
    }
  }
  return count;
}

// The sum of n Erlang event sizes of mean 1: the logarithm of a product of uniforms.
static double
event_sizes(PctRandom *random, int n)
{
  double sum = 0.0;
  for (int i = 0; i < n; i++) {
    double product = 1.0;
    for (int j = 0; j < EVENT_SHAPE; j++)
      product *= (pct_random_next(random) + 0.5) * 0x1p-32;
    sum -= log(product) / EVENT_SHAPE;
  }
  return sum;
}

void
pct_demo_noise_record(const PctDemoNoise *noise, int trial, const float *rates, float *responses)
{
  g_return_if_fail(trial >= 0 && trial < noise->n_trials);
  PctRandom random = pct_random(noise->seed, STREAM_TRIAL + (guint64)trial);
  for (int i = 0; i < noise->n_neurons; i++) {
    if (noise->kind == PCT_NOISE_NONE) {
      responses[i] = rates[i];
    } else if (noise->kind == PCT_NOISE_POISSON) {
      responses[i] = (float)poisson(&random, rates[i]);
    } else {
      double state = noise->gains[trial];
      for (int k = 0; k < N_MODES; k++)
        state += noise->loadings[i * N_MODES + k] * noise->modes[k * noise->n_trials + trial];
      int n = poisson(&random, EVENTS_PER_UNIT * rates[i] * exp(state));
      double response = event_sizes(&random, n) / EVENTS_PER_UNIT + MEASUREMENT * pct_random_normal(&random);
      responses[i] = (float)MAX(response, 0.0);
    }
  }
}
