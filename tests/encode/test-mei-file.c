// SPDX-License-Identifier: GPL-3.0-or-later
// meis.npz: round trips, and files that lie.
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/random.h"
#include "data/npz-writer.h"
#include "encode/mei.h"

#define N 5
#define HEIGHT 6
#define WIDTH 7

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp("meis-XXXXXX", NULL);
  f->path = g_build_filename(f->folder, "meis.npz", NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  g_unlink(f->path);
  g_rmdir(f->folder);
  g_free(f->folder);
  g_free(f->path);
}

static PctMeiSet *
set_new(gboolean whole)
{
  const int neurons[N] = { 9, 4, 1000, 0, 7 };
  PctMeiSet *set = pct_mei_set_new(neurons, N, HEIGHT, WIDTH, NULL);
  pct_random_fill_normal(set->images, N * HEIGHT * WIDTH, 1, 1);
  pct_random_fill_normal(set->activations, N, 1, 2);
  pct_random_fill_normal(set->baselines, N, 1, 3);
  set->mean = 104.6;
  set->contrast = 4.5;
  set->seed = G_MAXUINT64 - 3;
  for (int i = 0; i < N; i++)
    if (whole || i % 2 == 0)
      pct_mei_set_mark_ready(set, i);
  return set;
}

static void
test_round_trip(Fixture *f, gconstpointer data)
{
  for (int whole = 0; whole < 2; whole++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PctMeiSet) set = set_new(whole);
    g_assert_true(pct_mei_set_save(set, f->path, &error));
    g_autoptr(PctMeiSet) back = pct_mei_set_load(f->path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(back->n, ==, N);
    g_assert_cmpint(back->height, ==, HEIGHT);
    g_assert_cmpint(back->width, ==, WIDTH);
    g_assert_cmpfloat(back->mean, ==, 104.6);
    g_assert_cmpfloat(back->contrast, ==, 4.5);
    g_assert_cmpuint(back->seed, ==, set->seed);
    for (int i = 0; i < N; i++) {
      g_assert_cmpint(back->neurons[i], ==, set->neurons[i]);
      g_assert_true(pct_mei_set_is_ready(back, i) == pct_mei_set_is_ready(set, i));
      // What is not ready is nobody's business.
      gsize size = HEIGHT * WIDTH * sizeof(float);
      const float zeros[HEIGHT * WIDTH] = { 0 };
      gboolean ready = pct_mei_set_is_ready(set, i);
      g_assert_cmpmem(back->images + i * HEIGHT * WIDTH, size, ready ? set->images + i * HEIGHT * WIDTH : zeros, size);
      g_assert_cmpfloat(back->activations[i], ==, ready ? set->activations[i] : 0);
      g_assert_cmpfloat(back->baselines[i], ==, ready ? set->baselines[i] : 0);
    }
  }
}

static void
test_empty(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PctMeiSet) set = pct_mei_set_new(NULL, 0, 3, 4, &error);
  g_assert_true(pct_mei_set_save(set, f->path, &error));
  g_autoptr(PctMeiSet) back = pct_mei_set_load(f->path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(back->n, ==, 0);
  g_assert_cmpint(back->width, ==, 4);
}

static void
test_cut(Fixture *f, gconstpointer data)
{
  g_autoptr(PctMeiSet) set = set_new(TRUE);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true(pct_mei_set_save(set, f->path, NULL));
  g_assert_true(g_file_get_contents(f->path, &bytes, &size, NULL));
  for (gsize n = 0; n < size; n += 1 + size / 50) {
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(f->path, bytes, (gssize)n, NULL));
    g_assert_null(pct_mei_set_load(f->path, &error));
    g_assert_true(error->domain == PCT_ERROR);
  }
  // A byte of the pixels: the checksum tells.
  g_autoptr(GError) error = NULL;
  bytes[400] ^= 1;
  g_assert_true(g_file_set_contents(f->path, bytes, (gssize)size, NULL));
  g_assert_null(pct_mei_set_load(f->path, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_FORMAT);
}

// What a file says instead of the truth.
typedef struct {
  const char *name;
  guint image_dims;
  gsize images[4], n_activations, n_neurons, n_ready;
  int neuron;
  float pixel, activation;
  PctError code;
} Lie;

static const Lie lies[] = {
  { "dimensions", 2, { 5, 42 }, 5, 5, 5, 1, 1, 1, PCT_ERROR_SHAPE },
  { "flat", 3, { 5, 0, 7 }, 5, 5, 5, 1, 1, 1, PCT_ERROR_SHAPE },
  { "wide", 3, { 1, 1, 5000 }, 1, 1, 1, 1, 1, 1, PCT_ERROR_SHAPE },
  { "activations", 3, { 5, 6, 7 }, 4, 5, 5, 1, 1, 1, PCT_ERROR_SHAPE },
  { "neurons", 3, { 5, 6, 7 }, 5, 6, 5, 1, 1, 1, PCT_ERROR_SHAPE },
  { "ready", 3, { 5, 6, 7 }, 5, 5, 6, 1, 1, 1, PCT_ERROR_SHAPE },
  { "negative", 3, { 5, 6, 7 }, 5, 5, 5, -1, 1, 1, PCT_ERROR_FORMAT },
  { "pixel", 3, { 5, 6, 7 }, 5, 5, 5, 1, NAN, 1, PCT_ERROR_FORMAT },
  { "activation", 3, { 5, 6, 7 }, 5, 5, 5, 1, 1, INFINITY, PCT_ERROR_FORMAT },
  { "missing", 0, { 0 }, 5, 5, 5, 1, 1, 1, PCT_ERROR_FORMAT },
};

static void
test_lie(Fixture *f, gconstpointer data)
{
  const Lie *lie = data;
  g_autoptr(GError) error = NULL;
  g_autofree float *pixels = g_new(float, 6000);
  float activations[8];
  gint32 neurons[8];
  guint8 ready[8] = { 1, 1, 1, 1, 1, 1 };
  for (int i = 0; i < 6000; i++)
    pixels[i] = lie->pixel;
  for (int i = 0; i < 8; i++) {
    activations[i] = lie->activation;
    neurons[i] = lie->neuron;
  }
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  if (lie->image_dims)
    pct_npz_writer_add(writer, "meis", PCT_NPY_FLOAT, 4, lie->image_dims, lie->images, pixels);
  pct_npz_writer_add(writer, "activation", PCT_NPY_FLOAT, 4, 1, &lie->n_activations, activations);
  pct_npz_writer_add(writer, "baseline", PCT_NPY_FLOAT, 4, 1, &lie->n_activations, activations);
  pct_npz_writer_add(writer, "neuron", PCT_NPY_INT, 4, 1, &lie->n_neurons, neurons);
  pct_npz_writer_add(writer, "ready", PCT_NPY_BOOL, 1, 1, &lie->n_ready, ready);
  g_assert_true(pct_npz_writer_save(writer, f->path, NULL, &error));
  g_assert_null(pct_mei_set_load(f->path, &error));
  g_assert_error(error, PCT_ERROR, (int)lie->code);
}

static void
test_not_there(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_mei_set_load(f->path, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_IO);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add("/mei-file/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add("/mei-file/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add("/mei-file/cut", Fixture, NULL, set_up, test_cut, tear_down);
  g_test_add("/mei-file/not-there", Fixture, NULL, set_up, test_not_there, tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS(lies); i++) {
    g_autofree char *path = g_strconcat("/mei-file/lie/", lies[i].name, NULL);
    g_test_add(path, Fixture, &lies[i], set_up, test_lie, tear_down);
  }
  return g_test_run();
}
