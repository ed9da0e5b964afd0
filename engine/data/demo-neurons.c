// SPDX-License-Identifier: GPL-3.0-or-later
// The cells' filters are the rows of one matrix (even filters of all cells, then odd ones of the complex cells), so
// that what they answer to a batch of images is one matrix product, and what normalises them another.
#include "data/demo-neurons.h"
#include <math.h>
#include "base/blas.h"
#include "base/random.h"

#define COMPLEX_EVERY 4        // one cell in four is complex
#define SHORTEST 4.5           // wavelengths, in 36ths of the frame's height
#define LONGEST 30.0
#define POOL_RADIUS 7.0        // of normalisation (standard deviation), same unit
#define SEMISATURATION 0.5     // of normalisation, in units of the pool's typical drive
#define UM_PER_UNIT 14.0       // cortex over 36ths of the frame's height: about 0.9 mm for a frame of 64 x 36
#define MAP_JITTER 15.0        // micrometres
#define BATCH 64
#define STREAM_CELL ((guint64)0x20 << 32)

typedef struct {
  double x, y;                 // of the receptive field, in pixels
  double wavelength, angle, phase, gain;
  double sigma_along, sigma_across;
} Cell;

struct _PctDemoNeurons {
  int n, n_complex, n_pixels;
  PctFloats *filters;          // (n + n_complex, n_pixels)
  PctFloats *pool;             // (n, n): row i weighs the cells that normalise cell i, sums to 1
  float *gains;                // (n,)
  float *positions;            // (n, 2)
};

static Cell
new_cell(int number, int height, int width, guint64 seed)
{
  // Points of the plane that fill it evenly however many there are (Roberts' R2 sequence), in three dimensions:
  // where, and how coarse. The start is the seed's.
  static const double steps[3] = { 0.8191725133961645, 0.6710436067037893, 0.5497004779019703 };
  PctRandom start = pct_random(seed, STREAM_CELL - 1), random = pct_random(seed, STREAM_CELL + (guint64)number);
  double u[3], unit = height / 36.0;
  for (int i = 0; i < 3; i++) {
    u[i] = pct_random_uniform(&start) + steps[i] * (number + 1);
    u[i] -= floor(u[i]);
  }
  Cell cell;
  cell.x = width * (0.5 + 0.72 * (u[0] - 0.5));
  cell.y = height * (0.5 + 0.88 * (u[1] - 0.5));
  // Finer cells are more numerous: it takes more of them to cover the same field.
  cell.wavelength = unit * LONGEST * pow(SHORTEST / LONGEST, pow(u[2], 0.75));
  cell.angle = G_PI * pct_random_uniform(&random);
  cell.phase = 0.5 * G_PI * pct_random_below(&random, 4) + 0.3 * pct_random_normal(&random);
  cell.sigma_across = cell.wavelength * (0.30 + 0.10 * pct_random_uniform(&random));
  cell.sigma_along = cell.sigma_across * (1.0 + 0.6 * pct_random_uniform(&random));
  cell.gain = exp(0.35 * pct_random_normal(&random));
  return cell;
}

// A Gabor of unit norm over its wavelength: natural scenes, with amplitudes as 1/f, then drive all cells alike. Complex
// cells see no mean luminance; simple ones keep their Gabor's own.
static void
write_filter(const Cell *cell, double phase, gboolean balanced, int height, int width, float *out)
{
  double c = cos(cell->angle), s = sin(cell->angle), squares = 0.0, sum = 0.0, envelope_sum = 0.0;
  double k = 2.0 * G_PI / cell->wavelength;
  for (int pass = 0; pass < 2; pass++) {
    double offset = pass && balanced ? sum / envelope_sum : 0.0;
    squares = 0.0;
    for (int i = 0; i < height * width; i++) {
      double dx = i % width + 0.5 - cell->x, dy = i / width + 0.5 - cell->y;
      double across = c * dx + s * dy, along = c * dy - s * dx;
      double u = across / cell->sigma_across, v = along / cell->sigma_along, q = 0.5 * (u * u + v * v);
      double envelope = q < 12.0 ? exp(-q) : 0.0;
      double value = envelope > 0.0 ? envelope * (cos(k * across + phase) - offset) : 0.0;
      if (!pass) {
        sum += value;
        envelope_sum += envelope;
      }
      squares += value * value;
      out[i] = (float)value;
    }
  }
  double scale = squares > 0.0 ? height / 36.0 / (sqrt(squares) * cell->wavelength) : 0.0;
  for (int i = 0; i < height * width; i++)
    out[i] = (float)(out[i] * scale);
}

typedef struct {
  PctDemoNeurons *neurons;
  const Cell *cells;
  int height, width;
} Build;

gboolean
pct_demo_neurons_is_complex(int number)
{
  return number % COMPLEX_EVERY == COMPLEX_EVERY - 1;
}

static void
build_cells(gsize first, gsize end, guint thread, gpointer data)
{
  const Build *b = data;
  PctDemoNeurons *neurons = b->neurons;
  double radius = POOL_RADIUS * b->height / 36.0;
  for (gsize i = first; i < end; i++) {
    const Cell *cell = &b->cells[i];
    gboolean complex_cell = pct_demo_neurons_is_complex((int)i);
    float *even = neurons->filters + i * (gsize)neurons->n_pixels;
    write_filter(cell, complex_cell ? 0.0 : cell->phase, complex_cell, b->height, b->width, even);
    if (complex_cell)
      write_filter(cell, -0.5 * G_PI, TRUE, b->height, b->width,
                   neurons->filters + ((gsize)neurons->n + i / COMPLEX_EVERY) * (gsize)neurons->n_pixels);
    float *weights = neurons->pool + i * (gsize)neurons->n;
    double sum = 0.0;
    for (int j = 0; j < neurons->n; j++) {
      double dx = cell->x - b->cells[j].x, dy = cell->y - b->cells[j].y;
      double weight = exp(-0.5 * (dx * dx + dy * dy) / (radius * radius));
      weights[j] = (float)weight;
      sum += weight;
    }
    for (int j = 0; j < neurons->n; j++)
      weights[j] = (float)(weights[j] / sum);
  }
}

PctDemoNeurons *
pct_demo_neurons_new(int n_neurons, int height, int width, guint64 seed, PctPool *pool, GError **error)
{
  g_return_val_if_fail(n_neurons > 0 && height > 0 && width > 0, NULL);
  g_autoptr(PctDemoNeurons) neurons = g_new0(PctDemoNeurons, 1);
  neurons->n = n_neurons;
  neurons->n_complex = n_neurons / COMPLEX_EVERY;
  neurons->n_pixels = height * width;
  neurons->filters = pct_aligned_new((gsize)(n_neurons + neurons->n_complex) * (gsize)neurons->n_pixels, error);
  neurons->pool = neurons->filters ? pct_aligned_new((gsize)n_neurons * (gsize)n_neurons, error) : NULL;
  if (!neurons->pool)
    return NULL;
  neurons->gains = g_new(float, n_neurons);
  neurons->positions = g_new(float, 2 * n_neurons);
  g_autofree Cell *cells = g_new(Cell, n_neurons);
  for (int i = 0; i < n_neurons; i++) {
    PctRandom jitter = pct_random(seed, STREAM_CELL + ((guint64)1 << 30) + (guint64)i);
    double um = UM_PER_UNIT * 36.0 / height;
    cells[i] = new_cell(i, height, width, seed);
    neurons->gains[i] = (float)cells[i].gain;
    neurons->positions[2 * i] = (float)(cells[i].x * um + MAP_JITTER * pct_random_normal(&jitter));
    neurons->positions[2 * i + 1] = (float)(cells[i].y * um + MAP_JITTER * pct_random_normal(&jitter));
  }
  Build build = { neurons, cells, height, width };
  pct_parallel_for(pool, (gsize)n_neurons, 16, build_cells, &build);
  return g_steal_pointer(&neurons);
}

void
pct_demo_neurons_free(PctDemoNeurons *neurons)
{
  if (!neurons)
    return;
  pct_aligned_free(neurons->filters);
  pct_aligned_free(neurons->pool);
  g_free(neurons->gains);
  g_free(neurons->positions);
  g_free(neurons);
}

const float *
pct_demo_neurons_get_positions(const PctDemoNeurons *neurons)
{
  return neurons->positions;
}

// Turns filter outputs into drives, in place: drive >= 0, and its square for the pool.
static void
rectify(const PctDemoNeurons *neurons, const float *outputs, int n, float *drives, float *squares)
{
  gsize stride = (gsize)(neurons->n + neurons->n_complex), m = (gsize)neurons->n;
  for (gsize k = 0; k < (gsize)n; k++)
    for (gsize i = 0; i < m; i++) {
      const float *row = outputs + k * stride;
      float even = row[i], odd = pct_demo_neurons_is_complex((int)i) ? row[m + i / COMPLEX_EVERY] : 0.0f;
      float drive = pct_demo_neurons_is_complex((int)i) ? sqrtf(even * even + odd * odd) : MAX(even, 0.0f);
      drives[k * m + i] = drive;
      squares[k * m + i] = drive * drive;
    }
}

gboolean
pct_demo_neurons_answer(const PctDemoNeurons *neurons, const guint8 *images, int n, float *rates, const PctRun *run,
                        double first_step, double total_steps, GError **error)
{
  gsize m = (gsize)neurons->n, p = (gsize)neurons->n_pixels, rows = m + (gsize)neurons->n_complex;
  PctPool *pool = pct_run_get_pool(run);
  g_autoptr(PctFloats) inputs = pct_aligned_new(BATCH * p, error);
  g_autoptr(PctFloats) outputs = inputs ? pct_aligned_new(BATCH * rows, error) : NULL;
  g_autoptr(PctFloats) squares = outputs ? pct_aligned_new(BATCH * m, error) : NULL;
  g_autoptr(PctFloats) energies = squares ? pct_aligned_new((gsize)n * m, error) : NULL;
  if (!energies)
    return FALSE;
  for (int first = 0; first < n; first += BATCH) {
    gsize count = (gsize)MIN(BATCH, n - first);
    for (gsize i = 0; i < count * p; i++)
      inputs[i] = ((float)images[(gsize)first * p + i] - 127.5f) / 127.5f;
    pct_gemm(pool, FALSE, TRUE, count, rows, p, 1.0f, inputs, p, neurons->filters, p, 0.0f, outputs, rows);
    rectify(neurons, outputs, (int)count, rates + (gsize)first * m, squares);
    pct_gemm(pool, FALSE, TRUE, count, m, m, 1.0f, squares, m, neurons->pool, m, 0.0f, energies + (gsize)first * m, m);
    if (!pct_run_step(run, first_step + first + (double)count, total_steps, error))
      return FALSE;
  }
  // The semisaturation follows the pictures' own contrast, as adaptation would have it; then every cell's gain sets its
  // mean rate over all pictures.
  double energy = 0.0;
  for (gsize i = 0; i < (gsize)n * m; i++)
    energy += energies[i];
  energy *= SEMISATURATION * SEMISATURATION / ((double)n * (double)m);
  g_autofree double *sums = g_new0(double, m);
  for (gsize k = 0; k < (gsize)n; k++)
    for (gsize i = 0; i < m; i++) {
      float *rate = &rates[k * m + i];
      *rate = (float)(*rate / sqrt(energy + MAX(energies[k * m + i], 0.0f) + 1e-12));
      sums[i] += *rate;
    }
  for (gsize i = 0; i < m; i++)
    sums[i] = sums[i] > 0.0 ? neurons->gains[i] * n / sums[i] : 0.0;
  for (gsize k = 0; k < (gsize)n; k++)
    for (gsize i = 0; i < m; i++)
      rates[k * m + i] = (float)(rates[k * m + i] * sums[i]);
  return TRUE;
}
