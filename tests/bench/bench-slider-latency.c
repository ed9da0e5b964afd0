// SPDX-License-Identifier: GPL-3.0-or-later
// How long a slider's step takes to reach the screen, in the real window: from the slider's value-changed to the frame
// clock's after-paint of the frame that draws the new reconstruction. Steps come at odd moments of the frame, since a
// person's do too. Prints percentiles in milliseconds; fails where the 95th is above --limit.
#include <adwaita.h>
#include <stdlib.h>
#include "bench-window.h"
#include "slide/slide-page.h"
#include "main-window.h"
#include "work/training.h"

static int n_steps = 200;
static double limit = 0;  // milliseconds; 0: none
static char *recording, *train, *model, *home;
static const GOptionEntry options[] = {
  { "steps", 'n', 0, G_OPTION_ARG_INT, &n_steps, "How many steps", "N" },
  { "recording", 'r', 0, G_OPTION_ARG_FILENAME, &recording, "Instead of the demo", "FILE" },
  { "model", 'm', 0, G_OPTION_ARG_STRING, &model, "Instead of the first finished one", "NAME" },
  { "train", 't', 0, G_OPTION_ARG_STRING, &train, "Train this kind meanwhile", "KIND" },
  { "home", 0, 0, G_OPTION_ARG_FILENAME, &home, "Use the models of this data folder; else those fitted now", "DIR" },
  { "limit", 'l', 0, G_OPTION_ARG_DOUBLE, &limit, "Fail above this 95th percentile", "MS" },
  { NULL },
};

typedef struct {
  PctMainWindow *window;
  PctSlidePage *page;
  PctSelection *selection;
  PctJob *training;
  GArray *latencies;     // of double, milliseconds
  gint64 changed_at;     // microseconds; 0: nothing is awaited
  guint serial, n_rows, step;
  gboolean over;
} Bench;

static PctNeuronRow *
row_of(Bench *bench, guint i)
{
  guint n;
  const int *neurons = pct_selection_get_neurons(bench->selection, &n);
  return pct_slide_page_find_row(bench->page, neurons[i % n]);
}

static gboolean
take_step(gpointer data)
{
  Bench *bench = data;
  GtkRange *range = pct_neuron_row_get_range(row_of(bench, bench->step));
  GtkAdjustment *adjustment = gtk_range_get_adjustment(range);
  double low = gtk_adjustment_get_lower(adjustment), high = gtk_adjustment_get_upper(adjustment);
  double value = low + (high - low) * (double)((bench->step * 37 + 11) % 101) / 100;
  if (value == gtk_range_get_value(range))
    value = (low + value) / 2;
  bench->step++;
  bench->serial = pct_picture_view_get_serial(pct_slide_page_get_reconstruction_view(bench->page));
  bench->changed_at = g_get_monotonic_time();
  gtk_range_set_value(range, value);
  return G_SOURCE_REMOVE;
}

static void
on_after_paint(GdkFrameClock *clock, Bench *bench)
{
  if (!bench->changed_at ||
      pct_picture_view_get_serial(pct_slide_page_get_reconstruction_view(bench->page)) == bench->serial)
    return;
  double latency = (double)(g_get_monotonic_time() - bench->changed_at) / 1000;
  g_array_append_val(bench->latencies, latency);
  bench->changed_at = 0;
  if (bench->latencies->len >= (guint)n_steps)
    bench->over = TRUE;
  else
    g_timeout_add(40 + bench->step * 29 % 31, take_step, bench);
}

// Something finished to slide with: what there is, else ridge regression, fitted now.
static void
ensure_model(Bench *bench, PctProject *project)
{
  GListModel *models = pct_project_get_models(project);
  if (model) {
    if (!pct_project_find_model(project, model))
      bench_die("there is no such model");
    pct_selection_set_model(bench->selection, model);
    return;
  }
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) one = g_list_model_get_item(models, i);
    if (pct_model_get_state(one) == PCT_MODEL_FINISHED)
      return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_project_train(project, pct_project_find_kind(project, "ridge"), NULL, 1, NULL, &error);
  if (!job)
    bench_die(error->message);
  while (!pct_job_is_over(job))
    bench_spin(20);
  if (pct_job_get_error(job))
    bench_die(pct_job_get_error(job)->message);
}

static void
start_training(Bench *bench, PctProject *project)
{
  g_autoptr(GError) error = NULL;
  PctKind *kind = pct_project_find_kind(project, train);
  if (!kind)
    bench_die("there is no such kind to train");
  bench->training = pct_project_train(project, kind, NULL, 1, NULL, &error);
  if (!bench->training)
    bench_die(error->message);
  while (pct_job_get_step(bench->training) < 2 && !pct_job_is_over(bench->training))
    bench_spin(50);
}

static void
wait_for_picture(Bench *bench)
{
  for (int i = 0; i < 400 && (!pct_slide_get_reconstruction(pct_slide_page_get_slide(bench->page)) ||
                              pct_slide_is_busy(pct_slide_page_get_slide(bench->page)));
       i++)
    bench_spin(50);
  const char *problem = pct_slide_get_problem(pct_slide_page_get_slide(bench->page));
  if (problem || !pct_slide_get_reconstruction(pct_slide_page_get_slide(bench->page)))
    bench_die(problem ? problem : "no picture came in 20 s");
}

static void
report(Bench *bench)
{
  g_array_sort(bench->latencies, bench_compare_doubles);
  const double *at = (const double *)(gpointer)bench->latencies->data;
  guint n = bench->latencies->len;
  double p95 = at[(guint)(0.95 * (n - 1))];
  PctModel *used = pct_slide_get_model(pct_slide_page_get_slide(bench->page));
  g_print("slider latency, %u steps, %s%s%s: p50 %.1f ms, p95 %.1f ms, longest %.1f ms\n", n, pct_model_get_name(used),
          train ? ", while training " : "", train ? train : "", at[n / 2], p95, at[n - 1]);
  if (bench->training && pct_job_is_over(bench->training))
    bench_die("the training ended before the measurement did");
  if (limit > 0 && p95 > limit)
    bench_die("too slow");
}

static void
measure(Bench *bench, PctProject *project)
{
  int n;
  const int *images = pct_project_get_tier_images(project, PCT_TIER_TEST, &n);
  ensure_model(bench, project);
  g_action_group_activate_action(G_ACTION_GROUP(bench->window), "page", g_variant_new_string("slide"));
  pct_selection_set_image(bench->selection, n > 0 ? images[0] : 0);
  wait_for_picture(bench);
  gtk_widget_activate_action(GTK_WIDGET(bench->page), "slide.pin-strongest", NULL);
  if (train)
    start_training(bench, project);
  bench_spin(1000);
  wait_for_picture(bench);
  pct_selection_get_neurons(bench->selection, &bench->n_rows);
  if (bench->n_rows == 0)
    bench_die("no neuron is pinned");
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(bench->window));
  gulong handler = g_signal_connect(clock, "after-paint", G_CALLBACK(on_after_paint), bench);
  take_step(bench);
  for (guint taken = 0, waited = 0; !bench->over;) {
    bench_spin(10);
    waited = bench->latencies->len == taken ? waited + 1 : 0;
    taken = bench->latencies->len;
    if (waited > 500)
      bench_die("a step never reached the screen");
  }
  g_signal_handler_disconnect(clock, handler);
  report(bench);
}

static void
activate(GApplication *application, Bench *bench)
{
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
  bench->window = pct_main_window_new(ADW_APPLICATION(application), NULL);
  gtk_window_set_default_size(GTK_WINDOW(bench->window), 1280, 800);
  gtk_window_present(GTK_WINDOW(bench->window));
  g_autoptr(GFile) file = recording ? g_file_new_for_commandline_arg(recording) : NULL;
  if (file)
    pct_main_window_open(bench->window, file);
  else
    pct_main_window_open_demo(bench->window);
  for (int i = 0; i < 600 && !bench->page; i++) {
    bench_spin(50);
    bench->page = (PctSlidePage *)bench_find(GTK_WIDGET(bench->window), PCT_TYPE_SLIDE_PAGE);
  }
  if (!bench->page)
    bench_die("no project opened in 30 s");
  bench->selection = pct_slide_page_get_selection(bench->page);
  measure(bench, pct_slide_page_get_project(bench->page));
  if (bench->training)
    pct_job_cancel(bench->training);
  gtk_window_destroy(GTK_WINDOW(bench->window));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new("- latency of the neuron slider");
  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    bench_die(error->message);
  g_autofree char *folder = home ? NULL : g_dir_make_tmp("percept-bench-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", home ? home : folder, TRUE);
  Bench bench = { .latencies = g_array_new(FALSE, FALSE, sizeof(double)) };
  g_autoptr(AdwApplication) application = adw_application_new("org.percept.Bench", G_APPLICATION_NON_UNIQUE);
  g_signal_connect(application, "activate", G_CALLBACK(activate), &bench);
  int status = g_application_run(G_APPLICATION(application), 1, argv);
  g_clear_object(&bench.training);
  g_array_unref(bench.latencies);
  if (folder)
    bench_remove_tree(folder);
  return status;
}
