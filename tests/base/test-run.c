// SPDX-License-Identifier: GPL-3.0-or-later
// The run contract: a listener hears everything, may say stop, and may be absent.
#include "base/error.h"
#include "base/run.h"

typedef struct {
  int heard, stop_at;
  double step, total, figure;
} Listener;

static gboolean
listen(const PctProgress *progress, gpointer data)
{
  Listener *listener = data;
  listener->step = progress->step;
  listener->total = progress->total;
  if (progress->n_figures)
    listener->figure = progress->figures[0].value;
  return ++listener->heard != listener->stop_at;
}

static void
test_absent(void)
{
  g_autoptr(PctPool) pool = pct_pool_new(2, 0);
  PctRun run = { .pool = pool };
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_run_step(NULL, 1, 2, &error));
  g_assert_true(pct_run_step(&run, 1, 2, &error));
  g_assert_no_error(error);
  g_assert_null(pct_run_get_pool(NULL));
  g_assert_true(pct_run_get_pool(&run) == pool);
}

static void
test_heard(void)
{
  Listener listener = { 0 };
  PctRun run = { listen, &listener, NULL };
  PctFigure figure = { "loss", 0.25 };
  PctProgress progress = { .step = 3, .total = 9, .figures = &figure, .n_figures = 1 };
  g_assert_true(pct_run_report(&run, &progress, NULL));
  g_assert_cmpint(listener.heard, ==, 1);
  g_assert_cmpfloat(listener.step, ==, 3);
  g_assert_cmpfloat(listener.total, ==, 9);
  g_assert_cmpfloat(listener.figure, ==, 0.25);
}

static void
test_stop(void)
{
  Listener listener = { .stop_at = 2 };
  PctRun run = { listen, &listener, NULL };
  g_autoptr(GError) error = NULL;
  g_assert_true(pct_run_step(&run, 1, 2, &error));
  g_assert_no_error(error);
  g_assert_false(pct_run_step(&run, 2, 2, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/run/absent", test_absent);
  g_test_add_func("/run/heard", test_heard);
  g_test_add_func("/run/stop", test_stop);
  return g_test_run();
}
