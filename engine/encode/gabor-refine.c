// SPDX-License-Identifier: GPL-3.0-or-later
#include "encode/gabor-refine.h"
#include <math.h>
#include <string.h>
#include "base/blas.h"
#include "nn/simd.h"

#define N PCT_GABOR_N_PARAMETERS
// Parameters of the Gabor, amplitude, offset; and the residual as the last row.
#define N_UNKNOWNS (N + 2)
#define N_ROWS (N_UNKNOWNS + 1)
// Value and derivatives at two phases.
#define MOST_FILTERS (2 * (1 + N))
#define REACH 2.7        // of the window, in standard deviations of the envelope at its start
#define MOST_WINDOW 700  // pixels
#define STILL 1e-3       // relative gain of a step below which a fit is done

struct _PctGaborRefiner {
  const PctGaborLevels *levels;
  const PctTierMeans *means;
  gsize n, most;      // images in use, of as many
  float *y, *root;    // (n,) z-scored responses less their mean; root of trials
  double n_trials, squares;  // over these images' trials; squares of y
  float *pixels;      // (window, n)
  int *columns, *rows_of;    // (window,)
  float *filters;     // (MOST_FILTERS, window)
  float *answers;     // (MOST_FILTERS, n)
  float *rows;        // (N_ROWS, n)
  float *h;           // (n,)
};

// One start: a level and a window of it, and what bounds the Gabor there.
typedef struct {
  PctGaborRefiner *r;
  PctGaborKind kind;
  const PctGaborLevel *level;
  gsize window;                   // pixels
  double low[N], high[N];
  double normal[N_ROWS][N_ROWS];  // rows rows^T: normal equations and gradient in one
} Problem;

PctGaborRefiner *
pct_gabor_refiner_new(const PctGaborLevels *levels, const PctTierMeans *means, GError **error)
{
  g_autoptr(PctGaborRefiner) r = g_new0(PctGaborRefiner, 1);
  *r = (PctGaborRefiner){ .levels = levels, .means = means, .n = levels->n, .most = levels->n };
  float **arrays[] = { &r->y, &r->root, &r->pixels, &r->filters, &r->answers, &r->rows, &r->h };
  gsize sizes[] = { r->n, r->n, MOST_WINDOW * r->n, MOST_FILTERS * MOST_WINDOW, MOST_FILTERS * r->n, N_ROWS * r->n,
                    r->n };
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    if (!(*arrays[i] = pct_aligned_new(sizes[i], error)))
      return NULL;
  r->columns = g_new(int, MOST_WINDOW);
  r->rows_of = g_new(int, MOST_WINDOW);
  for (gsize i = 0; i < r->n; i++)
    r->root[i] = sqrtf(means->counts[i]);
  return g_steal_pointer(&r);
}

void
pct_gabor_refiner_free(PctGaborRefiner *r)
{
  if (!r)
    return;
  float *arrays[] = { r->y, r->root, r->pixels, r->filters, r->answers, r->rows, r->h };
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    pct_aligned_free(arrays[i]);
  g_free(r->columns);
  g_free(r->rows_of);
  g_free(r);
}

void
pct_gabor_refiner_set_neuron(PctGaborRefiner *r, int neuron, gsize n_images)
{
  g_return_if_fail(n_images <= r->most);
  const PctTierMeans *t = r->means;
  double sum = 0;
  r->n = n_images;
  r->n_trials = r->squares = 0;
  for (gsize i = 0; i < r->n; i++) {
    r->y[i] = t->responses[i * (gsize)t->n_neurons + (gsize)neuron];
    r->n_trials += t->counts[i];
    sum += (double)t->counts[i] * r->y[i];
  }
  for (gsize i = 0; i < r->n; i++) {
    r->y[i] -= (float)(sum / r->n_trials);
    r->squares += (double)t->counts[i] * r->y[i] * r->y[i];
  }
  // What rounding leaves of responses that are all the same.
  if (!(r->squares > 1e-9 * r->n_trials))
    r->squares = 0;
}

PCT_SIMD static void
rectify(float *restrict h, const float *restrict drive, gsize n)
{
  for (gsize i = 0; i < n; i++)
    h[i] = drive[i] > 0 ? drive[i] : 0;
}

PCT_SIMD static void
find_energy(float *restrict h, const float *restrict even, const float *restrict odd, gsize n)
{
  for (gsize i = 0; i < n; i++)
    h[i] = sqrtf(even[i] * even[i] + odd[i] * odd[i]);
}

// row = weight * (where the cell is driven, its derivative)
PCT_SIMD static void
derive_simple(float *restrict row, const float *restrict derivative, const float *restrict drive,
              const float *restrict weight, gsize n)
{
  for (gsize i = 0; i < n; i++)
    row[i] = drive[i] > 0 ? weight[i] * derivative[i] : 0;
}

PCT_SIMD static void
derive_energy(float *restrict row, const float *restrict even_derivative, const float *restrict odd_derivative,
              const float *restrict even, const float *restrict odd, const float *restrict h,
              const float *restrict weight, gsize n)
{
  for (gsize i = 0; i < n; i++)
    row[i] = weight[i] * (even[i] * even_derivative[i] + odd[i] * odd_derivative[i]) / (h[i] + 1e-20f);
}

// Sums over trials of h, h^2, h y, in double. In eight lanes each, so that the order is fixed and fast.
PCT_SIMD static void
add_up(const float *restrict h, const float *restrict y, const float *restrict root, gsize n, double out[3])
{
  double sums[3][8] = { { 0 } };
  gsize i = 0;
  for (; i + 8 <= n; i += 8)
    for (gsize k = 0; k < 8; k++) {
      double weighted = (double)root[i + k] * root[i + k] * h[i + k];
      sums[0][k] += weighted;
      sums[1][k] += weighted * h[i + k];
      sums[2][k] += weighted * y[i + k];
    }
  for (; i < n; i++) {
    double weighted = (double)root[i] * root[i] * h[i];
    sums[0][0] += weighted;
    sums[1][0] += weighted * h[i];
    sums[2][0] += weighted * y[i];
  }
  for (int s = 0; s < 3; s++)
    out[s] = ((sums[s][0] + sums[s][1]) + (sums[s][2] + sums[s][3])) +
             ((sums[s][4] + sums[s][5]) + (sums[s][6] + sums[s][7]));
}

// What the Gabor of these parameters explains, with amplitude and offset at their best: amplitude > 0, or nothing.
// Leaves the filters' answers in place, with derivatives, for linearise.
static double
explain(Problem *problem, const double parameters[N], double *amplitude, double *offset)
{
  PctGaborRefiner *r = problem->r;
  int n_derivatives = problem->kind == PCT_GABOR_SIMPLE ? N : N - 1, phases = problem->kind == PCT_GABOR_SIMPLE ? 1 : 2;
  gsize window = problem->window, n = r->n, per_phase = 1 + (gsize)n_derivatives;
  for (int phase = 0; phase < phases; phase++)
    pct_gabor_differentiate(parameters, phase * -G_PI_2, n_derivatives, r->columns, r->rows_of, window,
                            r->filters + (gsize)phase * per_phase * window);
  pct_gemm_serial(FALSE, FALSE, (gsize)phases * per_phase, n, window, 1, r->filters, window, r->pixels, n, 0,
                  r->answers, n);
  if (problem->kind == PCT_GABOR_SIMPLE)
    rectify(r->h, r->answers, n);
  else
    find_energy(r->h, r->answers, r->answers + per_phase * n, n);
  double sums[3];
  add_up(r->h, r->y, r->root, n, sums);
  double mean = sums[0] / r->n_trials, spread = sums[1] - sums[0] * mean;
  *amplitude = *offset = 0;
  if (!(spread > 1e-10 * sums[1]) || !(sums[2] > 0))
    return 0;
  *amplitude = sums[2] / spread;
  *offset = -*amplitude * mean;
  return *amplitude * sums[2] / r->squares;
}

// The normal equations at the parameters that explain was last called with. A row an unknown, times the root of trials.
static void
linearise(Problem *problem, double amplitude, double offset)
{
  PctGaborRefiner *r = problem->r;
  gsize n = r->n, per_phase = problem->kind == PCT_GABOR_SIMPLE ? 1 + N : N;
  const float *even = r->answers, *odd = r->answers + per_phase * n;
  for (gsize k = 0; k < N; k++) {
    float *row = r->rows + k * n;
    if (problem->kind == PCT_GABOR_SIMPLE)
      derive_simple(row, even + (1 + k) * n, even, r->root, n);
    else if (k == PCT_GABOR_PHASE)  // of no consequence to a quadrature pair
      memset(row, 0, n * sizeof *row);
    else
      derive_energy(row, even + (1 + k) * n, odd + (1 + k) * n, even, odd, r->h, r->root, n);
  }
  float *by_amplitude = r->rows + N * n, *by_offset = by_amplitude + n, *residual = by_offset + n;
  float a = (float)amplitude, b = (float)offset;
  for (gsize i = 0; i < n; i++) {
    by_amplitude[i] = r->root[i] * r->h[i];
    by_offset[i] = r->root[i];
    residual[i] = r->root[i] * (r->y[i] - b - a * r->h[i]);
  }
  float products[N_ROWS * N_ROWS];
  pct_gemm_serial(FALSE, TRUE, N_ROWS, N_ROWS, n, 1, r->rows, n, r->rows, n, 0, products, N_ROWS);
  for (int i = 0; i < N_ROWS; i++)
    for (int j = 0; j < N_ROWS; j++)
      problem->normal[i][j] = (double)products[i * N_ROWS + j] * (i < N ? amplitude : 1) * (j < N ? amplitude : 1);
}

// step (N,): of the Gabor's parameters, with the diagonal raised by a factor 1 + damping. FALSE if there is none.
static gboolean
solve(const Problem *problem, double damping, double step[N])
{
  double l[N_UNKNOWNS][N_UNKNOWNS], x[N_UNKNOWNS];
  for (int i = 0; i < N_UNKNOWNS; i++) {
    gboolean idle = !(problem->normal[i][i] > 0);
    for (int j = 0; j <= i; j++) {
      double sum = i == j ? idle ? 1 : problem->normal[i][i] * (1 + damping) : problem->normal[i][j];
      for (int k = 0; k < j; k++)
        sum -= l[i][k] * l[j][k];
      if (i != j)
        l[i][j] = sum / l[j][j];
      else if (sum > 1e-9 * problem->normal[i][i])
        l[i][i] = sqrt(sum);
      else
        return FALSE;
    }
    x[i] = problem->normal[i][N_UNKNOWNS];
    for (int k = 0; k < i; k++)
      x[i] -= l[i][k] * x[k];
    x[i] /= l[i][i];
  }
  for (int i = N_UNKNOWNS - 1; i >= 0; i--) {
    for (int k = i + 1; k < N_UNKNOWNS; k++)
      x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
  memcpy(step, x, N * sizeof *step);
  return TRUE;
}

// The pixels of a level within an ellipse around the Gabor, and how far it may go before the window must follow it.
static void
open_window(Problem *problem, const PctGabor *gabor)
{
  PctGaborRefiner *r = problem->r;
  const PctGaborLevel *level = problem->level;
  double angle = gabor->orientation * G_PI / 180, c = cos(angle), s = sin(angle);
  // Along u and v; one pixel more, so that a small Gabor has room. A window too large for us is cut evenly.
  double along = REACH * gabor->size + 1, across = REACH * gabor->size / sqrt(MAX(gabor->aspect, 0.2)) + 1;
  double shrink = MIN(1, sqrt(0.9 * MOST_WINDOW / (G_PI * along * across)));
  along *= shrink;
  across *= shrink;
  double reach = MAX(along, across);
  int top = (int)CLAMP(floor(gabor->y - reach), 0, level->height - 1);
  int left = (int)CLAMP(floor(gabor->x - reach), 0, level->width - 1);
  int bottom = (int)CLAMP(ceil(gabor->y + reach), top, level->height - 1);
  int right = (int)CLAMP(ceil(gabor->x + reach), left, level->width - 1);
  for (int row = top; row <= bottom; row++)
    for (int column = left; column <= right; column++) {
      double dx = column - gabor->x, dy = row - gabor->y, a = (c * dx - s * dy) / along, b = (s * dx + c * dy) / across;
      if (a * a + b * b > 1 || problem->window == MOST_WINDOW)
        continue;
      r->columns[problem->window] = column;
      r->rows_of[problem->window] = row;
      memcpy(r->pixels + problem->window++ * r->n,
             level->pixels + ((gsize)row * (gsize)level->width + (gsize)column) * r->levels->n, r->n * sizeof(float));
    }
  double low[N] = { MAX(-0.5, gabor->x - 1.5 * gabor->size), MAX(-0.5, gabor->y - 1.5 * gabor->size), -INFINITY,
                    -INFINITY, log(MAX(0.7, gabor->size / 1.6)), log(MAX(0.15, gabor->aspect / 3)), -INFINITY };
  double high[N] = { MIN(level->width - 0.5, gabor->x + 1.5 * gabor->size),
                     MIN(level->height - 0.5, gabor->y + 1.5 * gabor->size), INFINITY, log(0.4),
                     log(MAX(0.7, gabor->size * 1.6)), log(MIN(4, gabor->aspect * 3)), INFINITY };
  memcpy(problem->low, low, sizeof low);
  memcpy(problem->high, high, sizeof high);
}

static void
keep_within(const Problem *problem, double parameters[N])
{
  for (int i = 0; i < N; i++)
    parameters[i] = CLAMP(parameters[i], problem->low[i], problem->high[i]);
  // From a blob that hardly waves to six cycles: beyond, size and frequency say nothing that data could tell.
  double *frequency = &parameters[PCT_GABOR_LOG_FREQUENCY], size = parameters[PCT_GABOR_LOG_SIZE];
  *frequency = CLAMP(*frequency, log(0.05) - size, MIN(log(1.0) - size, log(0.4)));
}

double
pct_gabor_refiner_improve(PctGaborRefiner *r, PctGaborKind kind, int n_steps, PctGabor *gabor)
{
  if (!(r->squares > 0))
    return 0;
  Problem problem = { .r = r, .kind = kind,
                      .level = pct_gabor_levels_choose(r->levels, gabor->size, gabor->frequency) };
  PctGabor here = *gabor;
  pct_gabor_to_level(&here, problem.level);
  open_window(&problem, &here);
  if (problem.window == 0)
    return 0;
  double parameters[N], amplitude, offset, damping = 0.01;
  pct_gabor_to_parameters(&here, parameters);
  keep_within(&problem, parameters);
  double explained = explain(&problem, parameters, &amplitude, &offset);
  gboolean fresh = TRUE;  // the answers in place are those of parameters
  for (int i = 0; i < n_steps && explained > 0; i++) {
    if (fresh)
      linearise(&problem, amplitude, offset);
    double step[N], there[N], new_amplitude, new_offset;
    if (!solve(&problem, damping, step)) {
      damping = MAX(damping, 1e-3) * 10;
      fresh = FALSE;
      continue;
    }
    for (int k = 0; k < N; k++)
      // A step of more than a third of a turn, or a factor, is not what a linear view can promise.
      there[k] = parameters[k] + (k <= PCT_GABOR_Y ? step[k] : CLAMP(step[k], -0.7, 0.7));
    keep_within(&problem, there);
    double reached = explain(&problem, there, &new_amplitude, &new_offset);
    fresh = reached > explained;
    if (!fresh) {
      damping *= 8;
      if (damping > 1e5)
        break;
      continue;
    }
    gboolean still = reached - explained < STILL * reached;
    memcpy(parameters, there, sizeof there);
    explained = reached;
    amplitude = new_amplitude;
    offset = new_offset;
    damping = MAX(damping / 6, 1e-6);
    if (still)
      break;
  }
  if (explained > 0) {
    pct_gabor_from_parameters(parameters, &here);
    pct_gabor_from_level(&here, problem.level);
    *gabor = here;
  }
  return explained;
}
