// SPDX-License-Identifier: GPL-3.0-or-later
// What a frame costs the main loop while the grids of images and of neurons are scrolled from end to end, in the real
// window: everything that the loop dispatches between two frames, in processor time, so that a busy machine measures the
// same. Once in steps of a wheel, once a page a frame, which binds every tile anew. And how long the Neurons page takes
// from its action to its first small pictures painted, by the clock. Prints milliseconds; fails where the longest frame
// is above --limit. Neurons have pictures where the recording's workspace has a MEI set.
#include <adwaita.h>
#include <time.h>
#include "bench-window.h"
#include "images/images-page.h"
#include "main-window.h"
#include "neurons/neurons-page.h"

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
  g_print("%s, %u frames: p50 %.1f ms, p95 %.1f ms, longest %.1f ms\n", name, n, at[n / 2],
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
measure(Bench *bench, GtkWidget *page, const char *name)
{
  g_autofree char *wheel = g_strdup_printf("%s by the wheel", name), *pages = g_strdup_printf("%s by pages", name);
  GtkWidget *grid = bench_find(page, GTK_TYPE_GRID_VIEW);
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(bench->window));
  gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), bench);
  bench->scroll = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(grid));
  bench_spin(2000);
  scroll_through(bench, wheel, 53);
  scroll_through(bench, pages, gtk_adjustment_get_page_size(bench->scroll));
  g_signal_handler_disconnect(clock, handler);
}

// By the clock: a person waits for it.
static GtkWidget *
open_neurons(Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(bench->window));
  gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), bench);
  double before = thread_milliseconds();
  gint64 start = g_get_monotonic_time(), end = start + 10 * G_USEC_PER_SEC;
  g_action_group_change_action_state(G_ACTION_GROUP(bench->window), "page", g_variant_new_string("neurons"));
  GtkWidget *page = bench_find(GTK_WIDGET(bench->window), PCT_TYPE_NEURONS_PAGE);
  if (!page)
    bench_die("there is no Neurons page");
  PctNeuronGrid *grid = pct_neurons_page_get_grid(PCT_NEURONS_PAGE(page));
  double page_painted = 0, busy = 0;
  guint painted = bench->n_painted;
  while (g_get_monotonic_time() < end && pct_neuron_grid_get_n_drawn(grid) == 0) {
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(200);
    if (bench->n_painted > painted && page_painted == 0)
      page_painted = (double)(g_get_monotonic_time() - start) / 1e3, busy = thread_milliseconds() - before;
  }
  while (g_get_monotonic_time() < end && bench->n_painted == painted)  // the frame that draws them
    g_main_context_iteration(NULL, FALSE);
  double pictures = (double)(g_get_monotonic_time() - start) / 1e3;
  g_signal_handler_disconnect(clock, handler);
  if (pct_neuron_grid_get_n_drawn(grid) > 0)
    g_print("neurons, from the page's action: page painted after %.0f ms (%.0f ms of work), first pictures after "
            "%.0f ms\n", page_painted, busy, pictures);
  else
    g_print("neurons, from the page's action: page painted after %.0f ms (%.0f ms of work); there is no MEI "
            "to draw\n", page_painted, busy);
  return page;
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
  bench_spin(2000);  // the other pages are made when nothing else is to be done
  GtkWidget *neurons = open_neurons(bench);
  measure(bench, neurons, "neurons");
  g_action_group_change_action_state(G_ACTION_GROUP(bench->window), "page", g_variant_new_string("images"));
  measure(bench, page, "images");
  if (limit > 0 && bench->longest > limit)
    bench_die("too slow");
  gtk_window_destroy(GTK_WINDOW(bench->window));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new("- frames of the scrolled grids of images and of neurons");
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
