// SPDX-License-Identifier: GPL-3.0-or-later
// Two recipes over one image u of mean 0 and standard deviation 1 (of a sample, n - 1, as in the original): what is
// shown is mean + contrast u. On the sphere u itself moves. The first gradient, taken at faint noise, replaces the
// noise: what the neuron does not see stays flat and costs no contrast. The stronger the noise, the more it is the seed
// that decides which of several hills is climbed, and the later the top is reached. The best image met is kept. The
// notebook's recipe moves an unbounded x, of which u is the standardised form, by the chain rule.
#include "encode/mei-ascent.h"
#include <math.h>
#include <string.h>
#include "base/random.h"

// Of the notebook's standardisation.
#define EPSILON 1e-4

struct _PctMeiAscent {
  PctMeiRecipe recipe;
  gsize n;              // pixels
  int step;             // evaluations that were told of
  gboolean done;
  float rate;           // of the best image, or the last
  float *x, *velocity, *sum;  // (n,) the image that moves; its momentum; gradients added up
  float *image, *best;  // (n,) shown now; the best so far
  float *rows;          // (n,) of a blur
  float *kernel;        // (2 reach + 1,)
  int reach;
};

PctMeiAscent *
pct_mei_ascent_new(const PctMeiRecipe *recipe)
{
  g_return_val_if_fail(recipe && recipe->height > 0 && recipe->width > 0, NULL);
  g_return_val_if_fail(recipe->steps > 0 && recipe->contrast > 0, NULL);
  PctMeiAscent *a = g_new0(PctMeiAscent, 1);
  a->recipe = *recipe;
  a->n = (gsize)recipe->height * (gsize)recipe->width;
  float **arrays[] = { &a->x, &a->velocity, &a->sum, &a->image, &a->best, &a->rows };
  for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
    *arrays[i] = g_new0(float, a->n);
  a->reach = (int)ceil(3 * recipe->blur);
  a->kernel = g_new(float, 2 * a->reach + 1);
  for (int i = -a->reach; i <= a->reach; i++)
    a->kernel[i + a->reach] = i == 0 ? 1 : (float)exp(-i * i / (2 * recipe->blur * recipe->blur));
  return a;
}

void
pct_mei_ascent_free(PctMeiAscent *a)
{
  if (!a)
    return;
  float *arrays[] = { a->x, a->velocity, a->sum, a->image, a->best, a->rows, a->kernel };
  for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
    g_free(arrays[i]);
  g_free(a);
}

// Sums are in eight parts, so that they may be computed side by side: the same order on any machine.
static double
sum_of_parts(const double parts[8])
{
  return ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));
}

static double
mean_of(const float *x, gsize n)
{
  double parts[8] = { 0 };
  gsize i = 0;
  for (; i + 8 <= n; i += 8)
    for (gsize j = 0; j < 8; j++)
      parts[j] += x[i + j];
  for (; i < n; i++)
    parts[0] += x[i];
  return sum_of_parts(parts) / (double)n;
}

// Sum of (x - mean_x) (y - mean_y).
static double
products_of(const float *x, double mean_x, const float *y, double mean_y, gsize n)
{
  double parts[8] = { 0 };
  gsize i = 0;
  for (; i + 8 <= n; i += 8)
    for (gsize j = 0; j < 8; j++)
      parts[j] += (x[i + j] - mean_x) * (y[i + j] - mean_y);
  for (; i < n; i++)
    parts[0] += (x[i] - mean_x) * (y[i] - mean_y);
  return sum_of_parts(parts);
}

static double
deviation_of(const float *x, double mean, gsize n)
{
  return sqrt(products_of(x, mean, x, mean, n) / (double)MAX(n - 1, 1));
}

// To mean 0 and standard deviation 1. FALSE, and x is as it was, where all are the same.
static gboolean
standardise(float *x, gsize n)
{
  double mean = mean_of(x, n), deviation = deviation_of(x, mean, n);
  if (!(deviation > 1e-30))
    return FALSE;
  double by = 1 / deviation;
  for (gsize i = 0; i < n; i++)
    x[i] = (float)((x[i] - mean) * by);
  return TRUE;
}

// image = mean + contrast (x - middle) by.
static void
show(PctMeiAscent *a, double middle, double by)
{
  double scale = a->recipe.contrast * by;
  for (gsize i = 0; i < a->n; i++)
    a->image[i] = (float)(a->recipe.mean + scale * (a->x[i] - middle));
  if (a->recipe.clip)
    for (gsize i = 0; i < a->n; i++)
      a->image[i] = CLAMP(a->image[i], 0.0f, 255.0f);
}

static void
show_standardised(PctMeiAscent *a)
{
  double mean = mean_of(a->x, a->n);
  show(a, mean, 1 / (deviation_of(a->x, mean, a->n) + EPSILON));
}

void
pct_mei_ascent_start(PctMeiAscent *a, guint64 seed, int neuron)
{
  a->step = 0;
  a->done = FALSE;
  a->rate = -INFINITY;
  memset(a->velocity, 0, a->n * sizeof(float));
  memset(a->sum, 0, a->n * sizeof(float));
  pct_random_fill_normal(a->x, a->n, seed, (guint64)neuron);
  if (a->recipe.kind == PCT_MEI_NOTEBOOK) {
    show_standardised(a);
    return;
  }
  standardise(a->x, a->n);
  show(a, 0, a->recipe.noise);
}

const float *
pct_mei_ascent_get_image(const PctMeiAscent *a)
{
  return a->done && a->recipe.kind == PCT_MEI_SPHERE ? a->best : a->image;
}

gboolean
pct_mei_ascent_wants_gradient(const PctMeiAscent *a)
{
  return a->step < a->recipe.steps;
}

gboolean
pct_mei_ascent_is_done(const PctMeiAscent *a)
{
  return a->done;
}

float
pct_mei_ascent_get_rate(const PctMeiAscent *a)
{
  return a->rate;
}

// One line of n numbers, step apart; weights that reach beyond the border are shared among the others.
static void
blur_line(const PctMeiAscent *a, const float *from, float *to, int n, gsize step)
{
  for (int i = 0; i < n; i++) {
    double sum = 0, weights = 0;
    for (int j = MAX(0, i - a->reach); j <= MIN(n - 1, i + a->reach); j++) {
      double w = a->kernel[j - i + a->reach];
      sum += w * from[(gsize)j * step];
      weights += w;
    }
    to[(gsize)i * step] = (float)(sum / weights);
  }
}

static void
blur(PctMeiAscent *a, float *gradient)
{
  gsize width = (gsize)a->recipe.width;
  for (gsize y = 0; y < (gsize)a->recipe.height; y++)
    blur_line(a, gradient + y * width, a->rows + y * width, a->recipe.width, 1);
  for (gsize x = 0; x < width; x++)
    blur_line(a, a->rows + x, gradient + x, a->recipe.height, width);
}

static void
move_on_sphere(PctMeiAscent *a, float *gradient)
{
  // A neuron that does not answer to anything near here has no way to go.
  if (!standardise(gradient, a->n))
    return;
  if (a->step == 0) {
    memcpy(a->x, gradient, a->n * sizeof(float));
    return;
  }
  float step = (float)a->recipe.step, momentum = (float)a->recipe.momentum;
  for (gsize i = 0; i < a->n; i++) {
    a->velocity[i] = momentum * a->velocity[i] + gradient[i];
    a->x[i] += step * a->velocity[i];
  }
  standardise(a->x, a->n);
}

// The derivative of contrast (x - mean) / (deviation + epsilon) is what the gradient g is sent through:
// q (g - mean g) - (x - mean) sum g (x - mean) q / ((deviation + epsilon) deviation (n - 1)), q = contrast / (deviation
// + epsilon).
static void
move_freely(PctMeiAscent *a, const float *gradient)
{
  gsize n = a->n;
  double mean = mean_of(a->x, n), deviation = deviation_of(a->x, mean, n), mean_g = mean_of(gradient, n);
  double q = a->recipe.contrast / (deviation + EPSILON);
  double along = products_of(a->x, mean, gradient, 0, n);
  double back = deviation > 0 ? along * q / ((deviation + EPSILON) * deviation * (double)MAX(n - 1, 1)) : 0;
  for (gsize i = 0; i < n; i++) {
    double d = q * (gradient[i] - mean_g) - back * (a->x[i] - mean);
    a->sum[i] = (float)(a->recipe.accumulate ? a->sum[i] + d : d);
    a->velocity[i] = (float)(a->recipe.momentum * a->velocity[i] + a->sum[i]);
    a->x[i] = (float)(a->x[i] + a->recipe.step * a->velocity[i]);
  }
}

static void
tell_sphere(PctMeiAscent *a, float rate, float *gradient)
{
  // The first image is noise, and none of the results. (Where nothing else comes, it is all there is.)
  if (a->step <= 1 || rate > a->rate) {
    a->rate = rate;
    memcpy(a->best, a->image, a->n * sizeof(float));
  }
  if (a->step == a->recipe.steps) {
    a->done = TRUE;
    return;
  }
  if (a->recipe.blur > 0)
    blur(a, gradient);
  move_on_sphere(a, gradient);
  show(a, 0, 1);
  a->step++;
}

void
pct_mei_ascent_tell(PctMeiAscent *a, float rate, float *gradient)
{
  g_return_if_fail(!a->done);
  if (a->recipe.kind == PCT_MEI_SPHERE) {
    tell_sphere(a, rate, gradient);
    return;
  }
  // The last image is the result, as in the original; it is shown once more after the last step.
  a->rate = rate;
  if (a->step == a->recipe.steps) {
    a->done = TRUE;
    return;
  }
  if (a->recipe.blur > 0)
    blur(a, gradient);
  move_freely(a, gradient);
  show_standardised(a);
  a->step++;
}
