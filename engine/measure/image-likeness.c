// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/image-likeness.h"
#include <math.h>
#include "base/blas.h"
#include "data/area-resize.h"
#include "measure/identification.h"

// Others compared at a time, images compared at a time, and a chunk of the loop that reads them.
#define BLOCK 256
#define ROWS 4096
#define CHUNK 16

typedef struct {
  const PctRecording *recording;
  const int *images;
  int height, width, rows, columns;  // of a frame in pixels and in cells
  gsize n_cells;
  float *out;                        // (.., n_cells)
} Task;

static void
read_cells(gsize first, gsize end, guint thread, gpointer data)
{
  const Task *task = data;
  g_autofree float *pixels = g_new(float, (gsize)task->height * (gsize)task->width);
  for (gsize i = first; i < end; i++) {
    pct_recording_read_image(task->recording, task->images[i], pixels);
    pct_area_resize(pixels, task->height, task->width, 0, 0, task->height, task->width, task->rows, task->columns,
                    task->out + i * task->n_cells);
  }
}

// Rows of mean 0 and length 1: their products are correlations.
static void
read_standardised(Task *task, const int *images, int n, float *out, PctPool *pool)
{
  task->images = images;
  task->out = out;
  pct_parallel_for(pool, (gsize)n, CHUNK, read_cells, task);
  pct_standardise_rows(out, (gsize)n, task->n_cells, pool);
}

static Task
divide(const PctRecording *recording)
{
  int height = pct_recording_get_height(recording), width = pct_recording_get_width(recording), side = 1;
  while ((gint64)((height - 1) / side + 1) * ((width - 1) / side + 1) > PCT_LIKENESS_CELLS)
    side++;
  int rows = (height - 1) / side + 1, columns = (width - 1) / side + 1;
  return (Task){ .recording = recording, .height = height, .width = width, .rows = rows, .columns = columns,
                 .n_cells = (gsize)rows * (gsize)columns };
}

gboolean
pct_image_likeness(const PctRecording *recording, const int *images, int n_images, const int *others, int n_others,
                   const int *copies, int *best, float *correlation, const PctRun *run, GError **error)
{
  PctPool *pool = pct_run_get_pool(run);
  Task task = divide(recording);
  gsize k = task.n_cells, n_rows = (gsize)MIN(n_images, ROWS);
  g_autoptr(PctFloats) a = pct_aligned_new(MAX(n_rows, 1) * k, error);
  g_autoptr(PctFloats) b = a ? pct_aligned_new(BLOCK * k, error) : NULL;
  g_autoptr(PctFloats) products = b ? pct_aligned_new(MAX(n_rows, 1) * BLOCK, error) : NULL;
  if (!products)
    return FALSE;
  for (int from = 0; from < n_images; from += ROWS) {
    int rows = MIN(ROWS, n_images - from);
    read_standardised(&task, images + from, rows, a, pool);
    for (int i = from; i < from + rows; i++) {
      best[i] = -1;
      correlation[i] = -INFINITY;
    }
    for (int first = 0; first < n_others; first += BLOCK) {
      int n = MIN(BLOCK, n_others - first);
      read_standardised(&task, others + first, n, b, pool);
      pct_gemm(pool, FALSE, TRUE, (gsize)rows, (gsize)n, k, 1, a, k, b, k, 0, products, BLOCK);
      for (int i = 0; i < rows; i++)
        for (int j = 0; j < n; j++) {
          float here = products[(gsize)i * BLOCK + (gsize)j];
          if (here > correlation[from + i] && copies[images[from + i]] != copies[others[first + j]]) {
            correlation[from + i] = here;
            best[from + i] = others[first + j];
          }
        }
      if (!pct_run_step(run, (double)from * n_others + (double)rows * (first + n), (double)n_images * n_others, error))
        return FALSE;
    }
  }
  return TRUE;
}
