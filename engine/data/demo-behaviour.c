// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo-behaviour.h"
#include <math.h>
#include "base/random.h"

#define GAIN_SHARE 0.8         // of arousal that the gain follows; the rest is the animal's own affair
#define OWN_MEMORY 0.9         // of the rest, from one trial to the next
#define RUN_FROM 0.4           // arousal at which it begins to run: about a third of the trials
#define SPEED_PER_AROUSAL 14.0 // cm/s
#define WIDE 0.45              // pupil at mean arousal
#define WIDENS 0.13            // an arousal
#define BLINK 0.02             // share of trials without a pupil
#define GAZE_SPREAD 2.5        // degrees
#define TRIAL_SECONDS 1.0      // half a second of image, then grey
#define TRIAL_JITTER 0.2
#define STREAM_BEHAVIOUR ((guint64)0x34 << 32)

void
pct_demo_behaviour_simulate(PctRecordingData *data, const PctDemoNoise *noise, guint64 seed)
{
  gsize n = (gsize)data->n_trials;
  data->running_speed = g_new(float, n);
  data->pupil_size = g_new(float, n);
  data->pupil_position = g_new(float, 2 * n);
  data->trial_time = g_new(double, n);
  PctRandom random = pct_random(seed, STREAM_BEHAVIOUR);
  double own = 0, time = 0, gaze[2] = { 0, 0 }, fresh = sqrt(1 - OWN_MEMORY * OWN_MEMORY);
  for (gsize i = 0; i < n; i++) {
    own = i ? OWN_MEMORY * own + fresh * pct_random_normal(&random) : pct_random_normal(&random);
    double arousal = GAIN_SHARE * (double)pct_demo_noise_get_arousal(noise, (int)i) +
                     sqrt(1 - GAIN_SHARE * GAIN_SHARE) * own;
    double speed = SPEED_PER_AROUSAL * (arousal - RUN_FROM) * exp(0.2 * pct_random_normal(&random));
    data->running_speed[i] = (float)MAX(speed, 0);
    double pupil = WIDE + WIDENS * arousal + 0.03 * pct_random_normal(&random);
    gboolean shut = pct_random_uniform(&random) < BLINK;
    data->pupil_size[i] = shut ? NAN : (float)CLAMP(pupil, 0.05, 1);
    for (int k = 0; k < 2; k++) {
      gaze[k] = OWN_MEMORY * gaze[k] + fresh * GAZE_SPREAD * pct_random_normal(&random);
      data->pupil_position[2 * i + (gsize)k] = shut ? NAN : (float)gaze[k];
    }
    data->trial_time[i] = time;
    time += TRIAL_SECONDS + TRIAL_JITTER * pct_random_uniform(&random);
  }
}
