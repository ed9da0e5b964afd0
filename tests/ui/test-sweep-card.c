// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep card on the Slide page over the demo with the conditional GAN that is shipped, driven through its actions
// and its film strip as a person would. Skipped where there is no display.
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "slide/slide-page.h"

typedef struct {
  PctLanes *lanes;
  PctProject *project;
  PctSelection *selection;
  GtkWidget *window, *page;
  PctSlide *slide;
  PctSweepCard *card;
  PctSlideSweep *sweep;
  const int *images;
} Fixture;

static Fixture f;

static gboolean
set_flag(gpointer flag)
{
  *(gboolean *)flag = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin(guint milliseconds)
{
  gboolean done = FALSE;
  g_timeout_add(milliseconds, set_flag, &done);
  while (!done)
    g_main_context_iteration(NULL, TRUE);
}

#define wait_for(condition)                       \
  do {                                            \
    for (int k = 0; k < 3000 && !(condition); k++) \
      spin(10);                                   \
    g_assert_true(condition);                     \
  } while (0)

static void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    remove_tree(child);
  }
  g_remove(path);
}

static gboolean
activate(const char *action, const char *format, ...)
{
  GVariant *parameter = NULL;
  if (format) {
    va_list arguments;
    va_start(arguments, format);
    parameter = g_variant_ref_sink(g_variant_new_va(format, NULL, &arguments));
    va_end(arguments);
  }
  gboolean found = gtk_widget_activate_action_variant(f.page, action, parameter);
  g_clear_pointer(&parameter, g_variant_unref);
  return found;
}

// The first widget of a type below another.
static GtkWidget *
find(GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find(child, type);
    if (found)
      return found;
  }
  return NULL;
}

static GtkFlowBoxChild *
get_frame(int i)
{
  return gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(find(GTK_WIDGET(f.card), GTK_TYPE_FLOW_BOX)), i);
}

static int
count_frames(void)
{
  int n = 0;
  while (get_frame(n))
    n++;
  return n;
}

// How many frames have the class, and the last of them.
static int
find_class(const char *name, int *last)
{
  int n = 0;
  for (int i = 0; get_frame(i); i++)
    if (gtk_widget_has_css_class(GTK_WIDGET(get_frame(i)), name)) {
      n++;
      *last = i;
    }
  return n;
}

static void
wait_for_sweep(void)
{
  spin(200);  // a hand rests
  wait_for(pct_slide_sweep_is_done(f.sweep));
}

static void
set_up(void)
{
  int n;
  f.images = pct_project_get_tier_images(f.project, PCT_TIER_TEST, &n);
  g_assert_cmpint(n, >, 3);
  pct_selection_set_neurons(f.selection, NULL, 0);
  pct_selection_set_image(f.selection, f.images[0]);
  f.page = pct_slide_page_new(f.project, f.selection);
  f.slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(f.page));
  f.card = pct_slide_page_get_sweep_card(PCT_SLIDE_PAGE(f.page));
  f.sweep = pct_sweep_card_get_sweep(f.card);
  gtk_window_set_child(GTK_WINDOW(f.window), f.page);
  wait_for(pct_slide_get_reconstruction(f.slide) && !pct_slide_is_busy(f.slide));
}

static void
tear_down(void)
{
  g_object_ref(f.page);
  gtk_window_set_child(GTK_WINDOW(f.window), NULL);
  spin(50);
  g_assert_finalize_object(f.page);
}

static void
test_strip(void)
{
  set_up();
  g_assert_cmpint(count_frames(), ==, 0);  // nothing is pinned
  g_assert_true(activate("slide.pin-strongest", NULL));
  wait_for_sweep();
  guint n;
  const int *pinned = pct_selection_get_neurons(f.selection, &n);
  int first = pinned[0], second = pinned[1], marked = -1;
  g_assert_cmpint(pct_slide_sweep_get_recipe(f.sweep)->neurons[0], ==, first);
  g_assert_cmpint(count_frames(), ==, 7);
  g_assert_cmpint(find_class("nearest", &marked), ==, 1);
  g_assert_cmpint(marked, ==, pct_slide_sweep_get_nearest(f.sweep));
  // Enter on a picture sets the response, and the mark follows.
  g_assert_true(gtk_widget_activate(GTK_WIDGET(get_frame(2))));
  const float *values = pct_slide_sweep_get_sweep(f.sweep)->values;
  g_assert_cmpfloat(pct_slide_get_response(f.slide, first), ==, values[4]);
  g_assert_true(find_class("nearest", &marked) == 1 && marked == 2);
  g_assert_nonnull(strstr(gtk_widget_get_tooltip_text(GTK_WIDGET(get_frame(2))), "nearest"));
  g_assert_true(activate("slide.sweep-next", NULL));
  g_assert_cmpfloat(pct_slide_get_response(f.slide, first), ==, values[6]);
  g_assert_true(activate("slide.sweep-previous", NULL) && activate("slide.sweep-previous", NULL));
  g_assert_true(find_class("nearest", &marked) == 1 && marked == 1);
  g_assert_true(activate("slide.sweep-take", "i", 99));  // no such picture: nothing
  g_assert_true(find_class("nearest", &marked) == 1 && marked == 1);
  // The slider touched last is swept; numbers and range at will.
  pct_slide_set_response(f.slide, second, 1);
  pct_selection_set_neuron(f.selection, second);
  g_assert_true(activate("slide.sweep-steps", "i", 4) && activate("slide.sweep-range", "(dd)", -1.0, 2.0));
  wait_for_sweep();
  g_assert_cmpint(pct_slide_sweep_get_recipe(f.sweep)->neurons[0], ==, second);
  g_assert_cmpint(count_frames(), ==, 4);
  g_assert_cmpfloat(pct_slide_sweep_get_sweep(f.sweep)->values[6], ==, 2);
  g_assert_true(activate("slide.sweep-steps", "i", 4000));
  g_assert_true(activate("slide.sweep-observed", NULL));
  wait_for_sweep();
  g_assert_cmpint(count_frames(), ==, 4);
  g_assert_cmpfloat(pct_slide_sweep_get_sweep(f.sweep)->values[6], !=, 2);
  // A neuron by number is pinned, so that it stays in sight.
  g_assert_true(activate("slide.sweep-neuron", "i", 5));
  g_assert_true(pct_selection_has_neuron(f.selection, 5));
  wait_for_sweep();
  g_assert_cmpint(pct_slide_sweep_get_recipe(f.sweep)->neurons[0], ==, 5);
  // It asks for no more room than a small window has.
  int least;
  gtk_widget_measure(GTK_WIDGET(f.card), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_test_message("the card is at least %d pixels wide", least);
  g_assert_cmpint(least, <, 640);
  tear_down();
}

static void
test_modes(void)
{
  set_up();
  g_assert_true(activate("slide.pin-strongest", NULL));
  const struct {
    const char *mode;
    PctSweepKind kind;
    int n;
  } modes[] = {
    { "companions", PCT_SWEEP_COMPANIONS, 7 }, { "grid", PCT_SWEEP_GRID, 21 }, { "walk", PCT_SWEEP_WALK, 7 },
    { "repeats", PCT_SWEEP_REPEATS, 8 },       { "exchange", PCT_SWEEP_REPEATS, 9 }, { "alone", PCT_SWEEP_ALONE, 7 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
    g_test_message("%s", modes[i].mode);
    g_assert_true(activate("slide.sweep-mode", "s", modes[i].mode));
    wait_for_sweep();
    g_assert_cmpint(pct_slide_sweep_get_sweep(f.sweep)->kind, ==, modes[i].kind);
    g_assert_cmpint(count_frames(), ==, modes[i].n);
    g_assert_null(pct_slide_sweep_get_problem(f.sweep));
  }
  g_assert_true(activate("slide.sweep-mode", "s", "bogus"));
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.kind, ==, PCT_SWEEP_ALONE);
  // Of the grid, the two in hand last: its own neurons do not change it.
  g_assert_true(activate("slide.sweep-mode", "s", "grid"));
  guint n;
  const int *pinned = pct_selection_get_neurons(f.selection, &n);
  int third = pinned[3], before = pct_slide_sweep_get_request(f.sweep)->recipe.neurons[0];
  pct_selection_set_neuron(f.selection, third);
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.neurons[0], ==, third);
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.neurons[1], ==, before);
  pct_selection_set_neuron(f.selection, before);
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.neurons[0], ==, third);
  // Walks go where they are told, and want no pinned neuron.
  pct_selection_set_neurons(f.selection, NULL, 0);
  g_assert_null(pct_slide_sweep_get_request(f.sweep));
  g_assert_true(activate("slide.sweep-mode", "s", "walk"));
  g_assert_true(activate("slide.sweep-image", "i", f.images[3]));
  wait_for_sweep();
  g_assert_cmpint(pct_slide_sweep_get_recipe(f.sweep)->image, ==, f.images[3]);
  g_assert_true(activate("slide.sweep-take", "i", 6));
  g_autoptr(PctResponses) there = pct_project_dup_responses(f.project, f.images[3], PCT_MEAN_OF_REPEATS);
  g_assert_cmpint(memcmp(pct_slide_get_responses(f.slide), pct_responses_get_values(there),
                         (gsize)pct_project_get_n_neurons(f.project) * sizeof(float)), ==, 0);
  tear_down();
}

// Playing shows the sweep's pictures on the stage, and leaves the responses alone.
static void
test_play(void)
{
  set_up();
  g_assert_true(activate("slide.pin-strongest", NULL));
  wait_for_sweep();
  g_autofree float *before =
    g_memdup2(pct_slide_get_responses(f.slide), (gsize)pct_project_get_n_neurons(f.project) * sizeof(float));
  PctPictureView *view = pct_slide_page_get_reconstruction_view(PCT_SLIDE_PAGE(f.page));
  guint serial = pct_picture_view_get_serial(view);
  int playing = -1;
  g_assert_null(pct_sweep_card_get_picture(f.card));
  g_assert_true(activate("slide.sweep-rate", "d", 25.0));
  g_assert_true(activate("slide.sweep-play", NULL));
  spin(600);
  g_assert_nonnull(pct_sweep_card_get_picture(f.card));
  g_assert_cmpuint(pct_picture_view_get_serial(view), >, serial + 4);
  g_assert_cmpint(find_class("playing", &playing), ==, 1);
  g_assert_true(pct_sweep_card_get_picture(f.card) == pct_slide_sweep_get_picture(f.sweep, (guint)playing));
  g_assert_nonnull(pct_sweep_card_get_frame_text(f.card));
  g_assert_true(activate("slide.sweep-play", NULL));  // paused: the picture stays
  PctPicture *held = pct_sweep_card_get_picture(f.card);
  serial = pct_picture_view_get_serial(view);
  spin(300);
  g_assert_true(held && pct_sweep_card_get_picture(f.card) == held && pct_picture_view_get_serial(view) == serial);
  g_assert_true(activate("slide.sweep-stop", NULL));
  g_assert_null(pct_sweep_card_get_picture(f.card));
  g_assert_cmpuint(pct_picture_view_get_serial(view), >, serial);
  g_assert_cmpint(memcmp(before, pct_slide_get_responses(f.slide),
                         (gsize)pct_project_get_n_neurons(f.project) * sizeof(float)), ==, 0);
  // A hand on a slider ends it.
  g_assert_true(activate("slide.sweep-play", NULL));
  spin(100);
  g_assert_nonnull(pct_sweep_card_get_picture(f.card));
  pct_slide_set_response(f.slide, 3, 2);
  g_assert_null(pct_sweep_card_get_picture(f.card));
  g_assert_true(activate("slide.sweep-play", NULL));
  spin(100);
  tear_down();  // while it plays
}

static void
test_latent_and_save(void)
{
  set_up();
  g_autofree char *folder = g_dir_make_tmp("percept-sweep-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "x.webp", NULL);
  g_autofree char *csv = g_build_filename(folder, "x.csv", NULL), *json = g_build_filename(folder, "x.json", NULL);
  g_assert_true(activate("slide.pin-strongest", NULL));
  wait_for_sweep();
  g_assert_true(isnan(pct_slide_sweep_get_spread(f.sweep)));
  g_assert_true(activate("slide.sweep-latent", "s", "averaged"));
  wait_for_sweep();
  g_assert_cmpfloat(pct_slide_sweep_get_spread(f.sweep), >, 0.01);
  g_assert_true(activate("slide.sweep-latent", "s", "redrawn"));
  wait_for_sweep();
  g_assert_true(isnan(pct_slide_sweep_get_spread(f.sweep)));
  g_assert_true(activate("slide.sweep-save", "s", path));
  wait_for(g_file_test(json, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS) && g_file_test(csv, G_FILE_TEST_EXISTS));
  wait_for(pct_lanes_get_n_running(f.lanes) == 0);
  g_assert_true(activate("slide.sweep-save", "s", "x.gif"));  // a sentence, and no file
  g_assert_false(g_file_test("x.gif", G_FILE_TEST_EXISTS));
  remove_tree(folder);
  tear_down();
}

static void
open_demo(void)
{
  g_autoptr(GError) error = NULL;
  f.lanes = pct_lanes_new(&error);
  g_assert_no_error(error);
  g_autoptr(PctJob) job = pct_project_open_async(f.lanes, NULL);
  wait_for(pct_job_is_over(job));
  f.project = pct_project_open_finish(job, &error);
  g_assert_no_error(error);
  f.selection = pct_selection_new();
  f.window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(f.window), 1100, 760);
  gtk_window_present(GTK_WINDOW(f.window));
}

int
main(int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp("percept-sweep-XXXXXX", NULL);
  g_setenv("XDG_DATA_HOME", folder, TRUE);
  g_setenv("XDG_CACHE_HOME", folder, TRUE);
  g_test_init(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    remove_tree(folder);
    return 0;
  }
  adw_init();
  open_demo();
  g_test_add_func("/sweep-card/strip", test_strip);
  g_test_add_func("/sweep-card/modes", test_modes);
  g_test_add_func("/sweep-card/play", test_play);
  g_test_add_func("/sweep-card/latent-and-save", test_latent_and_save);
  int status = g_test_run();
  gtk_window_destroy(GTK_WINDOW(f.window));
  g_object_unref(f.selection);
  g_object_unref(f.project);
  pct_lanes_shutdown(f.lanes);
  g_object_unref(f.lanes);
  remove_tree(folder);
  return status;
}
