// SPDX-License-Identifier: GPL-3.0-or-later
#include "gabor-recording.h"
#include <math.h>
#include "base/random.h"

double
gabor_recording_filter(const Cell *cell, double shift, int column, int row)
{
  double angle = cell->orientation * G_PI / 180, dx = column - cell->x, dy = row - cell->y;
  // On the screen the angle goes up from rightwards, and rows go down.
  double along = dx * cos(angle) - dy * sin(angle), across = dx * sin(angle) + dy * cos(angle);
  return cos(2 * G_PI * cell->frequency * along + (cell->phase + shift) * G_PI / 180) *
         exp(-(along * along + cell->aspect * across * across) / (2 * cell->size * cell->size));
}

// Noise at three scales: each pixel's own, and means over blocks of 3 and 7, with ever more of it.
static void
draw_image(float *image, int height, int width, PctRandom *random)
{
  static const int blocks[] = { 1, 3, 7 };
  static const double contrasts[] = { 12, 20, 25 };
  for (int i = 0; i < height * width; i++)
    image[i] = 120;
  for (int scale = 0; scale < 3; scale++) {
    int b = blocks[scale], x0 = (int)pct_random_below(random, (guint32)b);
    int y0 = (int)pct_random_below(random, (guint32)b);
    int columns = width / b + 2, rows = height / b + 2;
    g_autofree double *values = g_new(double, columns * rows);
    for (int i = 0; i < columns * rows; i++)
      values[i] = contrasts[scale] * pct_random_normal(random);
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        image[y * width + x] += (float)values[(y + y0) / b * columns + (x + x0) / b];
  }
}

// answers (n,): the cell's, before noise.
static void
answer(const Cell *cell, const float *images, const double *mean, int n, int height, int width, double *answers)
{
  int p = height * width;
  g_autofree double *even = g_new(double, p), *odd = g_new(double, p), *drive = g_new(double, n);
  double squares = 0;
  for (int i = 0; i < p; i++) {
    even[i] = gabor_recording_filter(cell, 0, i % width, i / width);
    odd[i] = gabor_recording_filter(cell, -90, i % width, i / width);
  }
  for (int i = 0; i < n; i++) {
    double e = 0, o = 0;
    for (int k = 0; k < p; k++) {
      e += even[k] * (images[i * p + k] - mean[k]);
      o += odd[k] * (images[i * p + k] - mean[k]);
    }
    squares += e * e / n;
    drive[i] = cell->kind == CELL_ENERGY ? sqrt(e * e + o * o) : cell->kind == CELL_SIMPLE ? MAX(e, 0) : e;
  }
  // A flat cell has no Gabor to speak of.
  gboolean flat = cell->kind == CELL_FLAT || squares == 0;
  for (int i = 0; i < n; i++)
    answers[i] = cell->offset + (flat ? 0 : cell->amplitude * drive[i] / sqrt(squares));
}

PctRecording *
gabor_recording_new(const GaborRecording *o)
{
  int n = o->n_train + o->n_validation, p = o->height * o->width, repeats = MAX(1, o->repeats), m = o->n_cells;
  int trial = 0;
  PctRecordingData data = { .name = g_strdup("gabors"), .n_images = n, .height = o->height, .width = o->width,
                            .n_neurons = m, .n_trials = o->n_train * repeats + o->n_validation };
  data.image_floats = g_new(float, (gsize)n * p);
  data.responses_float = g_new(float, (gsize)data.n_trials * m);
  data.image_index = g_new(gint32, data.n_trials);
  data.tiers = g_new(guint8, data.n_trials);
  PctRandom random = pct_random(5, 1), noise = pct_random(5, 2);
  g_autofree double *mean = g_new0(double, p), *answers = g_new(double, (gsize)m * n);
  for (int i = 0; i < n; i++) {
    draw_image(data.image_floats + (gsize)i * p, o->height, o->width, &random);
    for (int k = 0; k < p && i < o->n_train; k++)
      mean[k] += data.image_floats[(gsize)i * p + k] / (double)o->n_train;
  }
  for (int j = 0; j < m; j++)
    answer(&o->cells[j], data.image_floats, mean, n, o->height, o->width, answers + (gsize)j * n);
  for (int r = 0; r < repeats; r++)
    for (int i = 0; i < n; i++) {
      if (r > 0 && i >= o->n_train)
        continue;
      data.image_index[trial] = i;
      data.tiers[trial] = i < o->n_train ? PCT_TIER_TRAIN : PCT_TIER_VALIDATION;
      for (int j = 0; j < m; j++)
        data.responses_float[(gsize)trial * m + j] =
          (float)(answers[(gsize)j * n + i] +
                  (o->cells[j].kind == CELL_FLAT ? 0 : o->noise * o->cells[j].amplitude * pct_random_normal(&noise)));
      trial++;
    }
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_new_take(&data, &error);
  g_assert_no_error(error);
  return recording;
}
