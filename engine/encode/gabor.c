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

void
pct_gabor_differentiate(const double parameters[PCT_GABOR_N_PARAMETERS], double shift, int n_derivatives, int x0,
                        int y0, int height, int width, float *filters)
{
  double c = cos(parameters[PCT_GABOR_ANGLE]), s = sin(parameters[PCT_GABOR_ANGLE]);
  double k = 2 * G_PI * exp(parameters[PCT_GABOR_LOG_FREQUENCY]), beta = exp(parameters[PCT_GABOR_LOG_ASPECT]);
  double precision = exp(-2 * parameters[PCT_GABOR_LOG_SIZE]), phase = parameters[PCT_GABOR_PHASE] + shift;
  gsize n = (gsize)height * (gsize)width, i = 0;
  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++, i++) {
      double dx = x0 + column - parameters[PCT_GABOR_X], dy = y0 + row - parameters[PCT_GABOR_Y];
      double a = c * dx - s * dy, b = s * dx + c * dy;  // x.u, x.v with u = (c, -s), v = (s, c)
      double exponent = -0.5 * precision * (a * a + beta * b * b);
      double envelope = exponent > -40 ? exp(exponent) : 0;
      double even = envelope > 0 ? envelope * cos(k * a + phase) : 0, odd = envelope > 0 ? envelope * sin(k * a + phase) : 0;
      filters[i] = (float)even;
      if (n_derivatives == 0)
        continue;
      double by_a = -precision * a * even - k * odd, by_b = -precision * beta * b * even;
      double derivatives[PCT_GABOR_N_PARAMETERS] = {
        [PCT_GABOR_X] = -c * by_a - s * by_b,
        [PCT_GABOR_Y] = s * by_a - c * by_b,
        [PCT_GABOR_ANGLE] = -b * by_a + a * by_b,  // u turns towards -v, v towards u
        [PCT_GABOR_LOG_FREQUENCY] = -k * a * odd,
        [PCT_GABOR_LOG_SIZE] = precision * (a * a + beta * b * b) * even,
        [PCT_GABOR_LOG_ASPECT] = -0.5 * precision * beta * b * b * even,
        [PCT_GABOR_PHASE] = -odd,
      };
      for (int j = 0; j < n_derivatives; j++)
        filters[(gsize)(j + 1) * n + i] = (float)derivatives[j];
    }
}

void
pct_gabor_draw_filter(const PctGabor *gabor, double shift, int height, int width, float *out)
{
  double parameters[PCT_GABOR_N_PARAMETERS];
  pct_gabor_to_parameters(gabor, parameters);
  pct_gabor_differentiate(parameters, shift * RADIANS, 0, 0, 0, height, width, out);
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
