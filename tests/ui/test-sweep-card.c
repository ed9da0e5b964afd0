// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep card on the Slide page over the demo with the conditional GAN that is shipped, driven through its actions
// and its film strip as a person would. Skipped where there is no display.
#include "demo-window.h"
#include <math.h>
#include <string.h>
#include "slide/slide-page.h"
#include "slide/sweep-card.h"

static DemoWindow fixture;
static struct {
  GtkWidget *page;
  PctSlide *slide;
  PctSweepCard *card;
  PctSlideSweep *sweep;
  const int *images;
} f;

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

static GtkFlowBoxChild *
get_frame(int i)
{
  return gtk_flow_box_get_child_at_index(find_widget(GTK_WIDGET(f.card), GTK_TYPE_FLOW_BOX), i);
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
  spin_until(pct_slide_sweep_is_done(f.sweep));
}

static void
set_up(void)
{
  int n;
  f.images = pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n);
  g_assert_cmpint(n, >, 3);
  pct_selection_set_neurons(fixture.selection, NULL, 0);
  pct_selection_set_image(fixture.selection, f.images[0]);
  f.page = pct_slide_page_new(fixture.project, fixture.selection);
  f.slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(f.page));
  f.card = PCT_SWEEP_CARD(pct_slide_page_get_card(PCT_SLIDE_PAGE(f.page), "sweep"));
  f.sweep = pct_sweep_card_get_sweep(f.card);
  demo_window_show(&fixture, f.page);
  spin_until(pct_slide_get_reconstruction(f.slide) && !pct_slide_is_busy(f.slide));
}

static void
tear_down(void)
{
  demo_window_let_go(&fixture, f.page);
}

static void
test_strip(void)
{
  set_up();
  g_assert_cmpint(count_frames(), ==, 0);  // nothing is pinned
  g_assert_true(activate("slide.pin-strongest", NULL));
  wait_for_sweep();
  guint n;
  const int *pinned = pct_selection_get_neurons(fixture.selection, &n);
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
  pct_selection_set_neuron(fixture.selection, second);
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
  g_assert_true(pct_selection_has_neuron(fixture.selection, 5));
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
  const int *pinned = pct_selection_get_neurons(fixture.selection, &n);
  int third = pinned[3], before = pct_slide_sweep_get_request(f.sweep)->recipe.neurons[0];
  pct_selection_set_neuron(fixture.selection, third);
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.neurons[0], ==, third);
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.neurons[1], ==, before);
  pct_selection_set_neuron(fixture.selection, before);
  g_assert_cmpint(pct_slide_sweep_get_request(f.sweep)->recipe.neurons[0], ==, third);
  // Walks go where they are told, and want no pinned neuron.
  pct_selection_set_neurons(fixture.selection, NULL, 0);
  g_assert_null(pct_slide_sweep_get_request(f.sweep));
  g_assert_true(activate("slide.sweep-mode", "s", "walk"));
  g_assert_true(activate("slide.sweep-image", "i", f.images[3]));
  wait_for_sweep();
  g_assert_cmpint(pct_slide_sweep_get_recipe(f.sweep)->image, ==, f.images[3]);
  g_assert_true(activate("slide.sweep-take", "i", 6));
  g_autoptr(PctResponses) there = pct_project_dup_responses(fixture.project, f.images[3], PCT_MEAN_OF_REPEATS);
  g_assert_cmpint(memcmp(pct_slide_get_responses(f.slide), pct_responses_get_values(there),
                         (gsize)pct_project_get_n_neurons(fixture.project) * sizeof(float)), ==, 0);
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
    g_memdup2(pct_slide_get_responses(f.slide), (gsize)pct_project_get_n_neurons(fixture.project) * sizeof(float));
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
                         (gsize)pct_project_get_n_neurons(fixture.project) * sizeof(float)), ==, 0);
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
  spin_until(g_file_test(json, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS) && g_file_test(csv, G_FILE_TEST_EXISTS));
  spin_until(pct_lanes_get_n_running(fixture.lanes) == 0);
  g_assert_true(activate("slide.sweep-save", "s", "x.gif"));  // a sentence, and no file
  g_assert_false(g_file_test("x.gif", G_FILE_TEST_EXISTS));
  remove_tree(folder);
  tear_down();
}

// A picture that is not in the recording has neurons to sweep and a way to an image, but no trials.
static void
test_photograph(void)
{
  set_up();
  int height = pct_project_get_height(fixture.project), width = pct_project_get_width(fixture.project);
  g_autofree float *pixels = g_new0(float, (gsize)height * (gsize)width);
  g_autoptr(PctPicture) picture = pct_picture_new(height, width, pixels);
  g_autoptr(PctResponses) responses = pct_project_dup_responses(fixture.project, f.images[1], 0);
  g_assert_true(activate("slide.pin-strongest", NULL));
  wait_for_sweep();
  pct_slide_set_shown(f.slide, picture, responses);
  // The sweep before is there until the hand has rested.
  spin_until(pct_slide_sweep_get_sweep(f.sweep) && pct_slide_sweep_get_sweep(f.sweep)->n_averaged[0] == 1);
  wait_for_sweep();
  g_assert_true(activate("slide.sweep-mode", "s", "walk"));
  wait_for_sweep();
  g_assert_cmpint(memcmp(pct_slide_sweep_get_sweep(f.sweep)->responses, pct_responses_get_values(responses),
                         (gsize)pct_project_get_n_neurons(fixture.project) * sizeof(float)), ==, 0);
  const char *modes[] = { "repeats", "exchange" };
  for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
    g_assert_true(activate("slide.sweep-mode", "s", modes[i]));
    spin_until(pct_slide_sweep_get_problem(f.sweep));
    g_assert_cmpint(count_frames(), ==, 0);
  }
  g_assert_true(activate("slide.sweep-mode", "s", "alone"));
  wait_for_sweep();
  g_assert_null(pct_slide_sweep_get_problem(f.sweep));
  tear_down();
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  // The shipped one draws z.
  pct_selection_set_model(fixture.selection, "cgan");
  g_test_add_func("/sweep-card/strip", test_strip);
  g_test_add_func("/sweep-card/modes", test_modes);
  g_test_add_func("/sweep-card/play", test_play);
  g_test_add_func("/sweep-card/latent-and-save", test_latent_and_save);
  g_test_add_func("/sweep-card/photograph", test_photograph);
  int status = g_test_run();
  demo_window_end(&fixture);
  return status;
}
