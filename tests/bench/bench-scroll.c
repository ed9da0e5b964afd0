// SPDX-License-Identifier: GPL-3.0-or-later
// What a frame costs the main loop while the grid of images is scrolled from end to end, in the real window: everything
// that the loop dispatches between two frames, in processor time, so that a busy machine measures the same. Once in
// steps of a wheel, once a page a frame, which binds every tile anew. Prints percentiles in milliseconds; fails where the longest is above --limit.
#include <adwaita.h>
#include <time.h>
#include "bench-window.h"
#include "images/images-page.h"
#include "main-window.h"

static double limit = 0;  // milliseconds; 0: none
static char *recording;
static const GOptionEntry options[] = {
  { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording, "Instead of the demo", "FILE" },
  { "limit", 'l', 0, G_OPTION_ARG_DOUBLE, &limit, "Fail above this longest frame", "MS" },
  { NULL },
};

typedef struct {
  PctMainWindow *window;
  GtkAdjustment *scroll;
  double step;         // pixels a frame
  guint n_painted;
  double longest;      // frame of all passes, milliseconds
} Bench;

static gboolean
on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *bench = data;
  gtk_adjustment_set_value(bench->scroll, gtk_adjustment_get_value(bench->scroll) + bench->step);
  return G_SOURCE_CONTINUE;
}

static void
on_after_paint(GdkFrameClock *clock, Bench *bench)
{
  bench->n_painted++;
}

static double
thread_milliseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static gboolean
at_end(GtkAdjustment *scroll)
{
  double last = gtk_adjustment_get_upper(scroll) - gtk_adjustment_get_page_size(scroll);
  return gtk_adjustment_get_value(scroll) >= last - 1;
}

static void
report(Bench *bench, const char *name, GArray *frames)
{
  g_array_sort(frames, bench_compare_doubles);
  const double *at = (const double *)(gpointer)frames->data;
  guint n = frames->len;
  if (n == 0)
    bench_die("nothing was painted");
  bench->longest = MAX(bench->longest, at[n - 1]);
  g_print("scrolling %s, %u frames: p50 %.1f ms, p95 %.1f ms, longest %.1f ms\n", name, n, at[n / 2],
          at[(guint)(0.95 * (n - 1))], at[n - 1]);
}

static void
scroll_through(Bench *bench, const char *name, double step)
{
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(double));
  double busy = 0;  // milliseconds since the last frame
  gtk_adjustment_set_value(bench->scroll, 0);
  bench_spin(1000);
  bench->step = step;
  guint tick = gtk_widget_add_tick_callback(GTK_WIDGET(bench->window), on_tick, bench, NULL);
  for (guint painted = bench->n_painted; !at_end(bench->scroll);) {
    double before = thread_milliseconds();
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(200);
    else
      busy += thread_milliseconds() - before;
    if (bench->n_painted == painted)
      continue;
    painted = bench->n_painted;
    g_array_append_val(frames, busy);
    busy = 0;
  }
  gtk_widget_remove_tick_callback(GTK_WIDGET(bench->window), tick);
  report(bench, name, frames);
}

static void
measure(Bench *bench, GtkWidget *page)
{
  GtkWidget *grid = bench_find(page, GTK_TYPE_GRID_VIEW);
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(bench->window));
  gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), bench);
  bench->scroll = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(grid));
  bench_spin(2000);
  scroll_through(bench, "by the wheel", 53);
  scroll_through(bench, "by pages", gtk_adjustment_get_page_size(bench->scroll));
  g_signal_handler_disconnect(clock, handler);
  if (limit > 0 && bench->longest > limit)
    bench_die("too slow");
}

static void
activate(GApplication *application, Bench *bench)
{
  bench->window = pct_main_window_new(ADW_APPLICATION(application), NULL);
  gtk_window_set_default_size(GTK_WINDOW(bench->window), 1280, 800);
  gtk_window_present(GTK_WINDOW(bench->window));
  g_autoptr(GFile) file = recording ? g_file_new_for_commandline_arg(recording) : NULL;
  if (file)
    pct_main_window_open(bench->window, file);
  else
    pct_main_window_open_demo(bench->window);
  GtkWidget *page = NULL;
  for (int i = 0; i < 600 && !page; i++) {
    bench_spin(50);
    page = bench_find(GTK_WIDGET(bench->window), PCT_TYPE_IMAGES_PAGE);
  }
  if (!page)
    bench_die("no project opened in 30 s");
  measure(bench, page);
  gtk_window_destroy(GTK_WINDOW(bench->window));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new("- frames of the scrolled grid of images");
  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    bench_die(error->message);
  g_autofree char *folder = g_dir_make_tmp("percept-bench-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", folder, TRUE);
  Bench bench = { 0 };
  g_autoptr(AdwApplication) application = adw_application_new("org.percept.Bench", G_APPLICATION_NON_UNIQUE);
  g_signal_connect(application, "activate", G_CALLBACK(activate), &bench);
  int status = g_application_run(G_APPLICATION(application), 1, argv);
  bench_remove_tree(folder);
  return status;
}
