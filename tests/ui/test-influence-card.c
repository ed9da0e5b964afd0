// SPDX-License-Identifier: GPL-3.0-or-later
// Who makes this region: marked by actions, by dragging and by keys, ranked beside the pinned neurons, and true:
// silencing the first takes away from the region what it was said to contribute. And neurons found by a condition.
// Skipped where there is no display.
#include "demo-window.h"
#include <math.h>
#include <string.h>
#include "slide/influence-card.h"
#include "slide/neuron-search.h"
#include "slide/slide-page.h"

#define X 20
#define Y 10
#define WIDTH 12
#define HEIGHT 8

static DemoWindow fixture;

typedef struct {
  GtkWidget *page;
  GActionGroup *actions;
  PctSlide *slide;
  PctInfluenceCard *card;
  PctSlideInfluence *influence;
  PctPictureView *picture;
} Scene;

static void
wait(Scene *scene)
{
  spin_until(!pct_slide_is_busy(scene->slide) && !pct_slide_influence_is_busy(scene->influence));
}

static Scene
show_page(void)
{
  Scene scene = { .page = pct_slide_page_new(fixture.project, fixture.selection) };
  int n;
  pct_selection_set_image(fixture.selection, pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n)[0]);
  pct_selection_set_neurons(fixture.selection, NULL, 0);
  demo_window_show(&fixture, scene.page);
  PctSlidePage *page = PCT_SLIDE_PAGE(scene.page);
  scene.actions = pct_slide_page_get_actions(page);
  scene.slide = pct_slide_page_get_slide(page);
  scene.card = find_widget(scene.page, PCT_TYPE_INFLUENCE_CARD);
  scene.influence = pct_influence_card_get_influence(scene.card);
  scene.picture = pct_slide_page_get_reconstruction_view(page);
  spin_until(pct_slide_get_reconstruction(scene.slide));
  wait(&scene);
  return scene;
}

static void
assert_region(Scene *scene, int x, int y, int width, int height)
{
  GdkRectangle at = { 0 };
  PctRegion region = pct_slide_influence_get_region(scene->influence);
  g_assert_cmpint(region.x, ==, x);
  g_assert_cmpint(region.y, ==, y);
  g_assert_cmpint(region.width, ==, width);
  g_assert_cmpint(region.height, ==, height);
  g_assert_cmpint(pct_picture_view_get_rectangle(scene->picture, &at), ==, width > 0);
  g_assert_true(width == 0 || (at.x == x && at.y == y && at.width == width && at.height == height));
  g_assert_cmpint(g_action_group_get_action_enabled(scene->actions, "clear-region"), ==, width > 0);
}

static double
region_mean(PctPicture *picture)
{
  double sum = 0;
  for (int y = Y; y < Y + HEIGHT; y++)
    for (int x = X; x < X + WIDTH; x++)
      sum += pct_picture_get_pixels(picture)[y * pct_picture_get_width(picture) + x];
  return sum / (WIDTH * HEIGHT);
}

static void
test_ranking(void)
{
  Scene scene = show_page();
  int n;
  g_assert_nonnull(pct_slide_influence_get_ranking(scene.influence, &n));
  g_assert_cmpint(n, ==, pct_project_get_n_neurons(fixture.project));
  assert_region(&scene, 0, 0, 0, 0);
  g_action_group_activate_action(scene.actions, "region", g_variant_new("(iiii)", X, Y, WIDTH, HEIGHT));
  assert_region(&scene, X, Y, WIDTH, HEIGHT);
  wait(&scene);
  const PctNeuronInfluence *ranking = pct_slide_influence_get_ranking(scene.influence, &n);
  int first = ranking[0].neuron, second = ranking[1].neuron;
  double contributed = ranking[0].value;
  g_assert_cmpint(pct_influence_card_get_neuron(scene.card, 0), ==, first);
  g_assert_cmpint(pct_influence_card_get_neuron(scene.card, 1), ==, second);

  // It is pinned from the list, silenced by the page, and takes its share with it.
  double before = region_mean(pct_slide_get_reconstruction(scene.slide));
  g_action_group_activate_action(scene.actions, "pin", g_variant_new_int32(first));
  g_action_group_activate_action(scene.actions, "silence", NULL);
  wait(&scene);
  double after = region_mean(pct_slide_get_reconstruction(scene.slide));
  g_assert_cmpfloat(fabs(contributed), >, 0.2);
  g_assert_cmpfloat_with_epsilon(before - after, contributed, 0.02);
  g_assert_cmpint(pct_influence_card_get_neuron(scene.card, 0), ==, second);

  guint n_pinned;
  g_action_group_activate_action(scene.actions, "pin-influential", NULL);
  const int *pinned = pct_selection_get_neurons(fixture.selection, &n_pinned);
  g_assert_cmpuint(n_pinned, ==, 13);
  g_assert_cmpint(pinned[0], ==, first);
  for (int i = 0; i < 12; i++)
    g_assert_cmpint(pinned[i + 1], ==, pct_influence_card_get_neuron(scene.card, i));
  g_action_group_activate_action(scene.actions, "clear-region", NULL);
  assert_region(&scene, 0, 0, 0, 0);
  demo_window_let_go(&fixture, scene.page);
}

static void
test_measures(void)
{
  Scene scene = show_page();
  g_action_group_change_action_state(scene.actions, "influence-measure", g_variant_new_string("sensitivity"));
  wait(&scene);
  g_autoptr(GVariant) state = g_action_group_get_action_state(scene.actions, "influence-measure");
  g_assert_cmpstr(g_variant_get_string(state, NULL), ==, "sensitivity");
  g_assert_cmpint(pct_influence_card_get_neuron(scene.card, 0), >=, 0);
  g_action_group_change_action_state(scene.actions, "influence-measure", g_variant_new_string("nonsense"));
  g_assert_cmpint(pct_slide_influence_get_measure(scene.influence), ==, PCT_INFLUENCE_SENSITIVITY);
  g_action_group_change_action_state(scene.actions, "influence-measure", g_variant_new_string("silencing"));
  wait(&scene);
  g_assert_cmpint(pct_influence_card_get_neuron(scene.card, 0), ==, -1);
  g_assert_false(g_action_group_get_action_enabled(scene.actions, "stop-silencing"));
  g_assert_false(g_action_group_get_action_enabled(scene.actions, "pin-influential"));
  g_action_group_activate_action(scene.actions, "silence-each", NULL);
  g_assert_true(g_action_group_get_action_enabled(scene.actions, "stop-silencing"));
  wait(&scene);
  int first = pct_influence_card_get_neuron(scene.card, 0);
  g_assert_cmpint(first, >=, 0);
  g_assert_false(pct_slide_influence_is_out_of_date(scene.influence));
  g_action_group_activate_action(scene.actions, "set-response", g_variant_new("(id)", first, 1.5));
  wait(&scene);
  g_assert_true(pct_slide_influence_is_out_of_date(scene.influence));
  g_action_group_activate_action(scene.actions, "reset", NULL);
  wait(&scene);
  g_assert_false(pct_slide_influence_is_out_of_date(scene.influence));
  demo_window_let_go(&fixture, scene.page);
}

// What is there of a type among a widget's controllers. Borrowed from the widget.
static GtkEventController *
find_controller(GtkWidget *widget, GType type)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);
  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);
    if (G_TYPE_CHECK_INSTANCE_TYPE(controller, type))
      return controller;
  }
  g_assert_not_reached();
}

static gboolean
press(Scene *scene, guint key, GdkModifierType state)
{
  gboolean taken = FALSE;
  GtkEventController *keys = find_controller(GTK_WIDGET(scene->picture), GTK_TYPE_EVENT_CONTROLLER_KEY);
  g_signal_emit_by_name(keys, "key-pressed", key, 0, state, &taken);
  return taken;
}

static void
test_keys(void)
{
  Scene scene = show_page();
  int height, width;
  pct_picture_view_get_shape(scene.picture, &height, &width);
  g_assert_true(gtk_widget_get_focusable(GTK_WIDGET(scene.picture)));
  g_action_group_activate_action(scene.actions, "focus-picture", NULL);
  g_assert_true(gtk_widget_has_focus(GTK_WIDGET(scene.picture)));
  g_assert_false(press(&scene, GDK_KEY_Escape, 0));  // nothing to clear: somebody else's
  g_assert_false(press(&scene, GDK_KEY_a, 0));
  g_assert_true(press(&scene, GDK_KEY_Return, 0));
  int w = width / 4, h = height / 4, x = (width - w) / 2, y = (height - h) / 2;
  assert_region(&scene, x, y, w, h);
  g_assert_true(press(&scene, GDK_KEY_Right, 0) && press(&scene, GDK_KEY_Up, 0));
  assert_region(&scene, x + 1, y - 1, w, h);
  g_assert_true(press(&scene, GDK_KEY_Right, GDK_SHIFT_MASK) && press(&scene, GDK_KEY_Up, GDK_SHIFT_MASK));
  assert_region(&scene, x + 1, y - 1, w + 1, h - 1);
  for (int i = 0; i < 2 * width; i++)
    press(&scene, GDK_KEY_Left, GDK_CONTROL_MASK);
  assert_region(&scene, 0, y - 1, w + 1, h - 1);
  for (int i = 0; i < 2 * width; i++)
    press(&scene, GDK_KEY_Right, GDK_SHIFT_MASK);
  assert_region(&scene, 0, y - 1, width, h - 1);
  for (int i = 0; i < 2 * height; i++)
    press(&scene, GDK_KEY_Up, GDK_SHIFT_MASK);
  assert_region(&scene, 0, y - 1, width, 1);
  g_assert_false(press(&scene, GDK_KEY_Left, GDK_ALT_MASK));  // the page's
  g_assert_true(press(&scene, GDK_KEY_Escape, 0));
  assert_region(&scene, 0, 0, 0, 0);
  demo_window_let_go(&fixture, scene.page);
}

static void
test_drag(void)
{
  Scene scene = show_page();
  int height, width, column, row;
  pct_picture_view_get_shape(scene.picture, &height, &width);
  GtkEventController *drag = find_controller(GTK_WIDGET(scene.picture), GTK_TYPE_GESTURE_DRAG);
  double wide = gtk_widget_get_width(GTK_WIDGET(scene.picture)), scale = wide / width;
  double tall = gtk_widget_get_height(GTK_WIDGET(scene.picture)), above = (tall - scale * height) / 2;
  pct_picture_view_get_pixel(scene.picture, -50, -50, &column, &row);
  g_assert_true(column == 0 && row == 0);
  pct_picture_view_get_pixel(scene.picture, wide + 50, tall + 50, &column, &row);
  g_assert_true(column == width - 1 && row == height - 1);
  // From the lower right corner of the region to its upper left one.
  double x = 14.5 * scale, y = above + 9.5 * scale;
  g_signal_emit_by_name(drag, "drag-begin", x, y);
  assert_region(&scene, 0, 0, 0, 0);
  g_signal_emit_by_name(drag, "drag-update", -9 * scale, -7 * scale);
  assert_region(&scene, 5, 2, 10, 8);
  g_signal_emit_by_name(drag, "drag-update", -9 * scale, -1000.0);
  assert_region(&scene, 5, 0, 10, 10);
  g_signal_emit_by_name(drag, "drag-end", -9 * scale, -1000.0);
  assert_region(&scene, 5, 0, 10, 10);
  // A click lets it go.
  g_signal_emit_by_name(drag, "drag-begin", x, y);
  g_signal_emit_by_name(drag, "drag-update", 1.0, 1.0);
  g_signal_emit_by_name(drag, "drag-end", 1.0, 1.0);
  assert_region(&scene, 0, 0, 0, 0);
  // Outside the picture there is no region.
  g_action_group_activate_action(scene.actions, "region", g_variant_new("(iiii)", width - 3, 0, 4, 4));
  assert_region(&scene, 0, 0, 0, 0);
  demo_window_let_go(&fixture, scene.page);
}

static void
test_search(void)
{
  Scene scene = show_page();
  PctNeuronSearch *search = find_widget(scene.page, PCT_TYPE_NEURON_SEARCH);
  guint n;
  pct_neuron_search_find(search, "#7, 3 7");
  g_assert_null(pct_neuron_search_get_note(search));
  const int *pinned = pct_selection_get_neurons(fixture.selection, &n);
  g_assert_true(n == 2 && pinned[0] == 7 && pinned[1] == 3);
  pct_neuron_search_find(search, "5 99999");
  g_assert_nonnull(strstr(pct_neuron_search_get_note(search), "99999"));
  pct_neuron_search_find(search, "reliabilty > 0.5");
  g_assert_nonnull(strstr(pct_neuron_search_get_note(search), "reliability"));
  pct_selection_get_neurons(fixture.selection, &n);
  g_assert_cmpuint(n, ==, 2);
  // Few: all of them. None: said so.
  pct_neuron_search_find(search, "number >= 100 and number < 104");
  pinned = pct_selection_get_neurons(fixture.selection, &n);
  g_assert_true(n == 6 && pinned[2] == 100 && pinned[5] == 103);
  pct_neuron_search_find(search, "number < 0");
  g_assert_nonnull(pct_neuron_search_get_note(search));
  // Many: none, but the strongest are offered.
  pct_neuron_search_find(search, "number >= 200");
  g_assert_nonnull(strstr(pct_neuron_search_get_note(search), "312"));
  pct_selection_get_neurons(fixture.selection, &n);
  g_assert_cmpuint(n, ==, 6);
  GtkWidget *offer = gtk_widget_get_last_child(gtk_widget_get_first_child(GTK_WIDGET(search)));
  g_assert_true(gtk_widget_get_visible(offer));
  g_signal_emit_by_name(offer, "clicked");
  pinned = pct_selection_get_neurons(fixture.selection, &n);
  g_assert_cmpuint(n, ==, 16);
  g_autoptr(PctResponses) responses =
    pct_responses_new(pct_project_get_n_neurons(fixture.project), pct_slide_get_responses(scene.slide), 1);
  g_autoptr(GArray) strongest = pct_project_dup_strongest(fixture.project, responses, 512);
  guint at = 6;
  for (guint i = 0; i < strongest->len && at < n; i++)
    if (g_array_index(strongest, PctNeuronResponse, i).neuron >= 200)
      g_assert_cmpint(pinned[at++], ==, g_array_index(strongest, PctNeuronResponse, i).neuron);
  g_assert_cmpuint(at, ==, 16);
  g_assert_null(pct_neuron_search_get_note(search));
  demo_window_let_go(&fixture, scene.page);
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  g_test_add_func("/influence-card/ranking", test_ranking);
  g_test_add_func("/influence-card/measures", test_measures);
  g_test_add_func("/influence-card/keys", test_keys);
  g_test_add_func("/influence-card/drag", test_drag);
  g_test_add_func("/influence-card/search", test_search);
  int failed = g_test_run();
  demo_window_end(&fixture);
  return failed;
}
