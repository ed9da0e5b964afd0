// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gabor.h"
#include <math.h>

#define RADIANS (G_PI / 180)

// The angle's remainder, 0 <= . < range.
static double
wrap(double angle, double range)
{
  double rest = angle - range * floor(angle / range);
  return rest < range ? rest : 0;
}

void
pct_gabor_normalise(PctGabor *gabor)
{
  double orientation = wrap(gabor->orientation, 360);
  if (orientation >= 180) {
    orientation -= 180;
    gabor->phase = -gabor->phase;
  }
  gabor->orientation = orientation;
  gabor->phase = wrap(gabor->phase, 360);
}

void
pct_gabor_to_parameters(const PctGabor *gabor, double parameters[PCT_GABOR_N_PARAMETERS])
{
  parameters[PCT_GABOR_X] = gabor->x;
  parameters[PCT_GABOR_Y] = gabor->y;
  parameters[PCT_GABOR_ANGLE] = gabor->orientation * RADIANS;
  parameters[PCT_GABOR_LOG_FREQUENCY] = log(gabor->frequency);
  parameters[PCT_GABOR_LOG_SIZE] = log(gabor->size);
  parameters[PCT_GABOR_LOG_ASPECT] = log(gabor->aspect);
  parameters[PCT_GABOR_PHASE] = gabor->phase * RADIANS;
}

void
pct_gabor_from_parameters(const double parameters[PCT_GABOR_N_PARAMETERS], PctGabor *gabor)
{
  *gabor = (PctGabor){ .x = parameters[PCT_GABOR_X], .y = parameters[PCT_GABOR_Y],
                       .orientation = parameters[PCT_GABOR_ANGLE] / RADIANS,
                       .frequency = exp(parameters[PCT_GABOR_LOG_FREQUENCY]),
                       .size = exp(parameters[PCT_GABOR_LOG_SIZE]), .aspect = exp(parameters[PCT_GABOR_LOG_ASPECT]),
                       .phase = parameters[PCT_GABOR_PHASE] / RADIANS };
  pct_gabor_normalise(gabor);
}

// What all pixels share.
typedef struct {
  double x, y, c, s, k, beta, precision, phase;
} Wave;

static Wave
wave_of(const double parameters[PCT_GABOR_N_PARAMETERS], double shift)
{
  return (Wave){ .x = parameters[PCT_GABOR_X],
                 .y = parameters[PCT_GABOR_Y],
                 .c = cos(parameters[PCT_GABOR_ANGLE]),
                 .s = sin(parameters[PCT_GABOR_ANGLE]),
                 .k = 2 * G_PI * exp(parameters[PCT_GABOR_LOG_FREQUENCY]),
                 .beta = exp(parameters[PCT_GABOR_LOG_ASPECT]),
                 .precision = exp(-2 * parameters[PCT_GABOR_LOG_SIZE]),
                 .phase = parameters[PCT_GABOR_PHASE] + shift };
}

void
pct_gabor_differentiate(const double parameters[PCT_GABOR_N_PARAMETERS], double shift, int n_derivatives,
                        const int *columns, const int *rows, gsize n, float *filters)
{
  Wave w = wave_of(parameters, shift);
  for (gsize i = 0; i < n; i++) {
    double dx = columns[i] - w.x, dy = rows[i] - w.y;
    double a = w.c * dx - w.s * dy, b = w.s * dx + w.c * dy;  // x.u, x.v with u = (c, -s), v = (s, c)
    double distance = w.precision * (a * a + w.beta * b * b), envelope = exp(-0.5 * distance);
    double even = envelope * cos(w.k * a + w.phase), odd = envelope * sin(w.k * a + w.phase);
    double by_a = -w.precision * a * even - w.k * odd, by_b = -w.precision * w.beta * b * even;
    double derivatives[PCT_GABOR_N_PARAMETERS] = {
      [PCT_GABOR_X] = -w.c * by_a - w.s * by_b,
      [PCT_GABOR_Y] = w.s * by_a - w.c * by_b,
      [PCT_GABOR_ANGLE] = -b * by_a + a * by_b,  // u turns towards -v, v towards u
      [PCT_GABOR_LOG_FREQUENCY] = -w.k * a * odd,
      [PCT_GABOR_LOG_SIZE] = distance * even,
      [PCT_GABOR_LOG_ASPECT] = -0.5 * w.precision * w.beta * b * b * even,
      [PCT_GABOR_PHASE] = -odd,
    };
    filters[i] = (float)even;
    for (int k = 0; k < n_derivatives; k++)
      filters[(gsize)(k + 1) * n + i] = (float)derivatives[k];
  }
}

void
pct_gabor_draw_filter(const PctGabor *gabor, double shift, int height, int width, float *out)
{
  double parameters[PCT_GABOR_N_PARAMETERS];
  pct_gabor_to_parameters(gabor, parameters);
  Wave w = wave_of(parameters, shift * RADIANS);
  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++) {
      double dx = column - w.x, dy = row - w.y, a = w.c * dx - w.s * dy, b = w.s * dx + w.c * dy;
      double distance = w.precision * (a * a + w.beta * b * b);
      // Most of a frame is far from most Gabors.
      out[(gsize)row * (gsize)width + (gsize)column] =
        distance < 60 ? (float)(exp(-0.5 * distance) * cos(w.k * a + w.phase)) : 0;
    }
}

void
pct_gabor_draw(const PctGabor *gabor, double mean, double contrast, int height, int width, float *out)
{
  gsize n = (gsize)height * (gsize)width;
  pct_gabor_draw_filter(gabor, 0, height, width, out);
  double sum = 0, squares = 0;
  for (gsize i = 0; i < n; i++)
    sum += out[i];
  for (gsize i = 0; i < n; i++)
    squares += (out[i] - sum / (double)n) * (out[i] - sum / (double)n);
  double deviation = sqrt(squares / (double)n), scale = deviation > 1e-12 ? contrast / deviation : 0;
  for (gsize i = 0; i < n; i++)
    out[i] = (float)(mean + (out[i] - sum / (double)n) * scale);
}
